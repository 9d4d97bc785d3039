import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { checkGo, compareVersions, dependencyVersion, requiredGoVersion } from './go.ts'

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'go-test-'))
  const lines = [
    'module m',
    '',
    'go 1.26.0',
    '',
    'require (',
    '\texample.com/a/b v1.2.3 // indirect',
    ')',
    '',
  ]
  writeFileSync(join(dir, 'go.mod'), lines.join('\n'))
})
afterAll(() => rmSync(dir, { recursive: true }))

test('versions come from go.mod', () => {
  expect(requiredGoVersion(dir)).toBe('1.26.0')
  expect(dependencyVersion(dir, 'example.com/a/b')).toBe('v1.2.3')
  expect(() => dependencyVersion(dir, 'example.com/a')).toThrow('does not require example.com/a')
})

test.each([
  ['1.26.8', '1.26.0', 1],
  ['1.9', '1.26.0', -1],
  ['1.26', '1.26.0', 0],
  ['1.27rc1', '1.27.0', 0],
  ['2.0', '1.99.9', 1],
])('%s against %s', (left, right, sign) => {
  expect(Math.sign(compareVersions(left, right))).toBe(sign)
})

describe('the toolchain', () => {
  test('a missing one is named, with what to do', async () => {
    await expect(checkGo('1.26.0', { PATH: dir })).rejects.toThrow(
      /no Go toolchain on the PATH.*Install Go 1\.26\.0 or newer/,
    )
  })

  test('one that is too old and may not fetch a newer one is refused', async () => {
    writeFileSync(join(dir, 'go'), '#!/bin/sh\necho go1.25.9\necho local\n', { mode: 0o755 })
    await expect(checkGo('1.26.0', { PATH: dir })).rejects.toThrow('Go 1.25.9 is too old')
    await expect(checkGo('1.25.0', { PATH: dir })).resolves.toBeUndefined()
  })

  test('one that fetches a newer one by itself is fine', async () => {
    writeFileSync(join(dir, 'go'), '#!/bin/sh\necho go1.25.9\necho auto\n', { mode: 0o755 })
    await expect(checkGo('1.26.0', { PATH: dir })).resolves.toBeUndefined()
  })
})
