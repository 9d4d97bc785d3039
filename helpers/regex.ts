import type { CallContext, Helper } from './define.ts'
import { expandReplacement, parseReplacement } from './go/regex/expand.ts'
import { compileRegex, findMatches, PatternError } from './go/regex/regex.ts'
import { newNilList, tagType } from './go/value.ts'
import type { ValueList } from './go/value.ts'
import { itemBytes } from './list-argument.ts'
import { aliasOf, example, inFamily, int, string, withMust } from './typed.ts'

/** Regular expressions in the syntax of RE2, which is Go's. Searching takes time linear in the text's length. */
const define = inFamily('regex')

const params = [string('pattern'), string('text')] as const
const replaceParams = [string('pattern'), string('text'), string('replacement')] as const
const countParams = [string('pattern'), string('text'), int('count')] as const

function isMatch(pattern: string, text: string, context: CallContext): boolean {
  return findMatches(compileRegex(pattern, context), text, 1, context).length > 0
}

function isMatchLenient(pattern: string, text: string, context: CallContext): boolean {
  try {
    return isMatch(pattern, text, context)
  } catch (error) {
    if (error instanceof PatternError) return false
    throw error
  }
}

function findFirst(pattern: string, text: string, context: CallContext): string {
  const [match] = findMatches(compileRegex(pattern, context), text, 1, context)
  return match === undefined ? '' : text.slice(match[0], match[1])
}

function findAll(pattern: string, text: string, count: number, context: CallContext): ValueList {
  const matches = findMatches(compileRegex(pattern, context), text, count, context)
  if (matches.length === 0) return newNilList('[]string')
  context.charge(matches.length * itemBytes)
  const found = matches.map(([start, end]) => text.slice(start, end))
  return tagType(found, '[]string')
}

interface Replacement {
  readonly pattern: string
  readonly text: string
  /** Gives the replacement of a match, by the offsets of its groups. */
  readonly replace: (offsets: readonly number[]) => string
}

/** The text with every match replaced. */
function replaceMatches({ pattern, text, replace }: Replacement, context: CallContext): string {
  let out = ''
  let end = 0
  for (const offsets of findMatches(compileRegex(pattern, context), text, -1, context)) {
    const [matchStart = 0, matchEnd = 0] = offsets
    const piece = text.slice(end, matchStart) + replace(offsets)
    context.charge(piece.length)
    out += piece
    end = matchEnd
  }
  return out + text.slice(end)
}

function replaceAll(pattern: string, text: string, template: string, context: CallContext): string {
  const parts = parseReplacement(template, compileRegex(pattern, context).namedGroups())
  const replace = (offsets: readonly number[]): string => expandReplacement(parts, text, offsets)
  return replaceMatches({ pattern, text, replace }, context)
}

/** regexp.Split: at most `count` parts, the last one with the rest; all with a negative count. */
function splitText(pattern: string, text: string, count: number, context: CallContext): ValueList {
  const regex = compileRegex(pattern, context)
  if (count === 0) return newNilList('[]string')
  if (pattern !== '' && text === '') return tagType([''], '[]string')
  const parts = cutAtMatches(text, findMatches(regex, text, count, context), count)
  context.charge(parts.length * itemBytes)
  return tagType(parts, '[]string')
}

/** An empty match at the very start cuts nothing off, and an empty rest after an empty match does not count. */
function cutAtMatches(text: string, matches: readonly number[][], count: number): string[] {
  const parts: string[] = []
  let start = 0
  let end = 0
  for (const [matchStart = 0, matchEnd = 0] of matches) {
    if (parts.length === count - 1) break
    end = matchStart
    if (matchEnd !== 0) parts.push(text.slice(start, matchStart))
    start = matchEnd
  }
  return end === text.length ? parts : [...parts, text.slice(start)]
}

const regexMatch = define({
  name: 'regexMatch',
  params,
  doc: 'Whether the pattern matches a part of the text. False for a pattern that is malformed.',
  example: example('{{ regexMatch "^v[0-9]+$" "v12" }}', 'true'),
  call: ([pattern, text], context) => isMatchLenient(pattern, text, context),
})

export const regex: readonly Helper[] = [
  regexMatch,
  {
    ...aliasOf(regexMatch, 'mustRegexMatch', 'As `regexMatch`, but fails for a pattern that is malformed.'),
    call: ([pattern, text], context) => isMatch(pattern as string, text as string, context),
  },
  ...withMust(
    define({
      name: 'regexFind',
      params,
      doc: 'The first match; "" if there is none.',
      example: example('{{ regexFind "[0-9]+" "ab12cd34" }}', '12'),
      call: ([pattern, text], context) => findFirst(pattern, text, context),
    }),
  ),
  ...withMust(
    define({
      name: 'regexFindAll',
      params: countParams,
      doc: 'Up to `count` matches, all with -1.',
      example: example('{{ regexFindAll "[0-9]+" "ab12cd34ef5" 2 }}', '[12 34]'),
      call: ([pattern, text, count], context) => findAll(pattern, text, Number(count), context),
    }),
  ),
  ...withMust(
    define({
      name: 'regexReplaceAll',
      params: replaceParams,
      doc: 'Replaces all matches. `${1}` or `${name}` in the replacement is what a group matched.',
      example: example('{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}', '-W-xxW-'),
      call: ([pattern, text, template], context) => replaceAll(pattern, text, template, context),
    }),
  ),
  ...withMust(
    define({
      name: 'regexReplaceAllLiteral',
      params: replaceParams,
      doc: 'Replaces all matches by the replacement as it is.',
      example: example('{{ regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "${1}" }}', '-${1}-${1}-'),
      call: ([pattern, text, replacement], context) =>
        replaceMatches({ pattern, text, replace: () => replacement }, context),
    }),
  ),
  ...withMust(
    define({
      name: 'regexSplit',
      params: countParams,
      doc: 'Splits at matches into up to `count` parts, all with -1.',
      example: example('{{ regexSplit ", *" "a, b,c" -1 }}', '[a b c]'),
      call: ([pattern, text, count], context) => splitText(pattern, text, Number(count), context),
    }),
  ),
  define({
    name: 'regexQuoteMeta',
    params: [string('text')],
    doc: 'The text as a pattern that matches just this text.',
    example: example('{{ regexQuoteMeta "1.2+3" }}', String.raw`1\.2\+3`),
    call: ([text]) => text.replace(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`),
  }),
]
