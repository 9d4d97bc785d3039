import type { Cursor } from './cursor.ts'

function readWhile(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.pos
  const found = pattern.exec(cursor.text)?.[0] ?? ''
  cursor.pos += found.length
  return found
}

const nameChars = /[0-9A-Za-z_-]*/y
const uriChars = /(?:[0-9A-Za-z_;/?:@&=+$.,!~*'()[\]-]|%[0-9a-fA-F]{2})*/y

/** Reads `&name` or `*name`. Returns the name. */
export function scanAnchor(cursor: Cursor): string {
  const start = cursor.pos
  cursor.pos++
  const name = readWhile(cursor, nameChars)
  const next = cursor.text.charAt(cursor.pos)
  if (name === '' || !(cursor.isBlankOrEnd() || '?:,]}%@`'.includes(next)))
    cursor.fail('did not find expected alphabetic or numeric character', start)
  return name
}

/**
 * Reads a tag. Returns its handle and suffix, separated by a space (neither holds one): `!<uri>` has no handle,
 * a lone `!` no suffix.
 */
export function scanTag(cursor: Cursor): string {
  const start = cursor.pos
  const tag = cursor.code(1) === 0x3c ? readVerbatim(cursor, start) : readShorthand(cursor)
  if (!cursor.isBlankOrEnd()) cursor.fail('did not find expected whitespace or line break', start)
  return tag
}

function readVerbatim(cursor: Cursor, start: number): string {
  cursor.pos += 2
  const uri = readUri(cursor)
  if (uri === '' || cursor.code() !== 0x3e) cursor.fail("did not find the expected '>'", start)
  cursor.pos++
  return ` ${uri}`
}

function readShorthand(cursor: Cursor): string {
  const start = cursor.pos
  const handle = findHandle(cursor)
  cursor.pos += handle.length
  const suffix = readUri(cursor)
  if (suffix === '' && handle !== '!') cursor.fail('did not find expected tag URI', start)
  return suffix === '' ? ' !' : `${handle} ${suffix}`
}

/** `!`, `!!` or `!name!`. */
function findHandle(cursor: Cursor): string {
  const named = /!(?:[0-9A-Za-z_-]*!)?/y
  named.lastIndex = cursor.pos
  return named.exec(cursor.text)?.[0] ?? '!'
}

function readUri(cursor: Cursor): string {
  const start = cursor.pos
  const text = readWhile(cursor, uriChars)
  try {
    return text.includes('%') ? decodeURIComponent(text) : text
  } catch {
    return cursor.fail('found an invalid escape in a tag', start)
  }
}

const directive = /%([0-9A-Za-z_-]+)[ \t]*([^#\n\r\x85\u2028\u2029]*?)[ \t]*(?=#|[\n\r\x85\u2028\u2029]|$)/y

/** Reads a directive line. Returns `YAML`, or `TAG handle prefix`. */
export function scanDirective(cursor: Cursor): string {
  const start = cursor.pos
  directive.lastIndex = start
  const match = directive.exec(cursor.text)
  const [, name = '', value = ''] = match ?? []
  const after = start + 1 + name.length
  if (name === '') cursor.fail('could not find expected directive name', start)
  if (!/[ \t\n\r\x85\u2028\u2029]|^$/.test(cursor.text.charAt(after)))
    cursor.fail('found unexpected non-alphabetical character', start)
  const result = name === 'YAML' ? checkVersion(cursor, value) : readTagDirective(cursor, name, value)
  cursor.skipToLineEnd()
  cursor.readBreak()
  return result
}

function checkVersion(cursor: Cursor, value: string): string {
  if (!/^[0-9]+\.[0-9]+$/.test(value)) cursor.fail("did not find expected digit or '.' character")
  if (value !== '1.1') cursor.fail('found incompatible YAML document')
  return 'YAML'
}

function readTagDirective(cursor: Cursor, name: string, value: string): string {
  if (name !== 'TAG') cursor.fail('found unknown directive name')
  const match = /^(!(?:[0-9A-Za-z_-]*!)?)[ \t]+([0-9A-Za-z_;/?:@&=+$.,!~*'()[\]%-]+)$/.exec(value)
  if (match === null) cursor.fail('did not find expected tag handle and prefix')
  return `TAG ${match[1] ?? ''} ${match[2] ?? ''}`
}
