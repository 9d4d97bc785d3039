import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Extract, Header } from 'tar-stream'
import type { ArtifactFiles } from '../ports.ts'

export interface UntarLimits {
  /** Of the tar stream, headers and padding included. */
  readonly maxBytes: number
  readonly maxEntries: number
}

/** An archive that is damaged, too large, or holds what an artifact must not. */
export class BadArchiveError extends Error {
  constructor(what: string, cause?: unknown) {
    super(what, { cause })
    this.name = 'BadArchiveError'
  }
}

const MAX_PATH_LENGTH = 1024
const MAX_SHOWN_PATH = 100

/**
 * The regular files of a `tar.gz`, in memory: nothing is written, so nothing can be overwritten. Absolute paths, `..`, links,
 * devices and anything above the limits make the whole archive bad (Flux's own artifacts hold files and directories only).
 * Throws BadArchiveError.
 */
export async function untar(archive: Uint8Array, limits: UntarLimits): Promise<ArtifactFiles> {
  const { extract } = await import('tar-stream')
  const entries = extract()
  const source = Readable.from([archive])
  const unpacking = pipeline(source, createGunzip(), (tar) => capped(tar, limits.maxBytes), entries)
  // Whichever side fails ends the other one too; its own error says more than that it was ended.
  const ends = await Promise.allSettled([unpacking, collect(entries, limits.maxEntries)])
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []))
  const [first] = failures
  const bad = failures.find((failure) => failure instanceof BadArchiveError)
  if (first !== undefined) throw bad ?? new BadArchiveError('the archive is damaged', first)
  const collected = ends[1]
  if (collected.status === 'rejected') throw new BadArchiveError('the archive is damaged')
  return collected.value
}

async function* capped(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of source) {
    size += chunk.byteLength
    if (size > maxBytes) throw new BadArchiveError(`the archive unpacks to more than ${maxBytes} bytes`)
    yield chunk
  }
}

async function collect(entries: Extract, maxEntries: number): Promise<ArtifactFiles> {
  const files = new Map<string, Uint8Array>()
  const directories = new Set<string>()
  let count = 0
  for await (const entry of entries) {
    if (++count > maxEntries) throw new BadArchiveError(`the archive has more than ${maxEntries} entries`)
    const path = checkPath(entry.header.name)
    const kind = kindOf(entry.header, path)
    const content = await readContent(entry as AsyncIterable<Uint8Array>)
    if (kind === 'file' && path !== '') files.set(path, content)
    addDirectories(directories, kind === 'file' ? parentOf(path) : path)
  }
  return { files, directories }
}

function kindOf(header: Header, path: string): 'file' | 'directory' {
  switch (header.type) {
    case 'file':
    case 'contiguous-file':
      return 'file'
    case 'directory':
      return 'directory'
    default: {
      const name = JSON.stringify(path.slice(0, MAX_SHOWN_PATH))
      throw new BadArchiveError(`the entry ${name} is neither file nor directory, but a ${header.type}`)
    }
  }
}

/** The path without `.` and empty segments: `./a//b/` is `a/b`, the root is empty. */
function checkPath(name: string): string {
  const segments = name.split('/')
  if (name.length > MAX_PATH_LENGTH || /[\\\0]/.test(name))
    throw badPath('is too long or holds a "\\" or NUL')
  if (name.startsWith('/') || segments.includes('..')) throw badPath('leads out of the archive')
  return segments.filter((segment) => segment !== '' && segment !== '.').join('/')
}

/** Names no path: it may be of any length and hold anything. */
function badPath(why: string): BadArchiveError {
  return new BadArchiveError(`the path of an entry ${why}`)
}

async function readContent(entry: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of entry) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** The directory and all above it. An archive need not have entries for them. */
function addDirectories(directories: Set<string>, path: string): void {
  for (let at = path; at !== '' && !directories.has(at); at = parentOf(at)) directories.add(at)
}
