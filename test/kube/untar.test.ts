import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import type { Header } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import { BadArchiveError, untar } from '../../src/kube/untar.ts'

const limits = { maxBytes: 1_048_576, maxEntries: 100 }

type Entry = Partial<Header> & { name: string; content?: string }

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack()
  for (const { content = '', ...header } of entries) archive.entry(header, content)
  archive.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const archiveOf = async (...entries: Entry[]): Promise<Buffer> => gzipSync(await tarOf(entries))

/** A tar header by hand, for what the library does not write. */
function rawHeader(name: string, size: number, type: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0, 'latin1')
  header.write('0000644\0', 100)
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  header.write('        ', 148)
  header.write(type, 156)
  header.write('ustar\u000000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

function block(text: string): Buffer {
  const content = Buffer.from(text)
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)])
}

const end = Buffer.alloc(1024)

describe('untar', () => {
  test('gives files and directories by their paths', async () => {
    const files = await untar(
      await archiveOf(
        { name: './', type: 'directory' },
        { name: './apps/', type: 'directory' },
        { name: './apps/web.yaml', content: 'a: 1\n' },
        { name: 'deep//er/./x.json', content: '{}' },
        { name: 'empty/', type: 'directory' },
        { name: '..data', content: 'a name, not a way up' },
      ),
      limits,
    )
    expect([...files.files.keys()]).toEqual(['apps/web.yaml', 'deep/er/x.json', '..data'])
    expect(Buffer.from(files.files.get('apps/web.yaml') ?? []).toString()).toBe('a: 1\n')
    expect([...files.directories].sort()).toEqual(['apps', 'deep', 'deep/er', 'empty'])
  })

  test('reads long names, by PAX and as GNU writes them', async () => {
    const long = `${'d/'.repeat(100)}file`
    expect([...(await untar(await archiveOf({ name: long, content: 'x' }), limits)).files.keys()]).toEqual([
      long,
    ])
    const gnu = Buffer.concat([
      rawHeader('././@LongLink', long.length + 1, 'L'),
      block(`${long}\0`),
      rawHeader('short', 1, '0'),
      block('x'),
      end,
    ])
    expect([...(await untar(gzipSync(gnu), limits)).files.keys()]).toEqual([long])
  })

  test('takes a name with percent signs as it is', async () => {
    const files = await untar(await archiveOf({ name: '..%2fx', content: 'x' }), limits)
    expect([...files.files.keys()]).toEqual(['..%2fx'])
  })

  test('reads an archive in several gzip members to its end', async () => {
    const tar = await tarOf([
      { name: 'a', content: 'x'.repeat(600) },
      { name: 'b', content: 'y' },
    ])
    const members = Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))])
    expect([...(await untar(members, limits)).files.keys()]).toEqual(['a', 'b'])
  })

  test('the last of two entries of one name counts', async () => {
    const files = await untar(
      await archiveOf({ name: 'a', content: '1' }, { name: './a', content: '2' }),
      limits,
    )
    expect(Buffer.from(files.files.get('a') ?? []).toString()).toBe('2')
  })
})

describe('refuses', () => {
  test.each([
    '/etc/passwd',
    '../x',
    'a/../../x',
    'a/..',
    '..',
    'a\\..\\b',
    `${'x'.repeat(600)}/${'y'.repeat(600)}`,
  ])('the path %j', async (name) => {
    await expect(untar(await archiveOf({ name, content: 'x' }), limits)).rejects.toThrow(BadArchiveError)
  })

  test.each(['symlink', 'link', 'fifo', 'block-device', 'character-device'] as const)(
    'a %s',
    async (type) => {
      await expect(untar(await archiveOf({ name: 'a', type, linkname: 'b' }), limits)).rejects.toThrow(
        `the entry "a" is neither file nor directory, but a ${type}`,
      )
    },
  )

  test.each(['16 path=../evil\n', '12 path=a\0b\n'])(
    'a path that only its PAX header makes bad: %j',
    async (record) => {
      const pax = Buffer.concat([
        rawHeader('PaxHeader', record.length, 'x'),
        block(record),
        rawHeader('good', 1, '0'),
        block('x'),
        end,
      ])
      await expect(untar(gzipSync(pax), limits)).rejects.toThrow('the path of an entry')
    },
  )

  test('an unknown type of entry', async () => {
    const sparse = Buffer.concat([rawHeader('sparse', 0, 'S'), end])
    await expect(untar(gzipSync(sparse), limits)).rejects.toThrow(BadArchiveError)
  })

  test('too many entries', async () => {
    const entries = Array.from({ length: 101 }, (_, i) => ({ name: `f${i}` }))
    await expect(untar(await archiveOf(...entries), limits)).rejects.toThrow('more than 100 entries')
  })

  test('what unpacks to too much, early', async () => {
    const bomb = gzipSync(Buffer.concat([rawHeader('zeros', 50_000_000, '0'), Buffer.alloc(50_000_000), end]))
    await expect(untar(bomb, limits)).rejects.toThrow('more than 1048576 bytes')
  })

  test.each([
    ['text', () => Buffer.from('not gzip')],
    ['nothing', () => Buffer.alloc(0)],
    ['gzip of text', () => gzipSync('no tar'.repeat(200))],
    [
      'an entry that claims more than there is',
      () => gzipSync(Buffer.concat([rawHeader('a', 5_000, '0'), block('x')])),
    ],
  ])('%s', async (_name, make) => {
    await expect(untar(make(), limits)).rejects.toThrow(BadArchiveError)
  })

  test('an archive that is cut off anywhere', async () => {
    const whole = await archiveOf({ name: 'a', content: 'x'.repeat(3000) }, { name: 'b', content: 'y' })
    for (let length = 1; length < whole.length; length += 7) {
      await expect(untar(whole.subarray(0, length), limits)).rejects.toThrow(BadArchiveError)
    }
  })
})
