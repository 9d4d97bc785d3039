import { describe, expect, it } from 'vitest'
import { readCases, renderCase } from './render-case.ts'

const cases = readCases()

describe('recorded cases that render', () => {
  it.each(cases.filter(({ want }) => want !== undefined))('$name', async (item) => {
    expect(await renderCase(item)).toBe(item.want)
  })
})

/** Where our message has other words for the cause. */
const ownWords: Readonly<Record<string, RegExp>> = {
  'err-null-key': /line 16: unsupported map key/,
  'api-object-instead-of-list': /127\.0\.0\.1:18099 is an object, not an array/,
  'api-server-error': /503/,
  'git-file-is-a-list': /"list\.yaml": it holds an array, not an object/,
  'git-file-missing': /archive file "nothere\.yaml": no such file/,
  'git-neither-files-nor-directories': /needs files or directories/,
  'prom-seed-no-data': /error calling index: index out of range: 0/,
  'prom-seed-server-error': /status 400/,
}

describe('recorded cases that fail', () => {
  it.each(cases.filter(({ want }) => want === undefined))('$name', async (item) => {
    const cause = item.wantError.slice(item.wantError.lastIndexOf(': ') + 2)
    const message = await renderCase(item).then(
      () => 'rendered',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    const own = ownWords[item.name]
    if (own === undefined) expect(message).toContain(cause)
    else expect(message).toMatch(own)
  })
})
