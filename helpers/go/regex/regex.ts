import type { RE2JS } from 're2js'
import { HelperError } from '../../define.ts'
import type { CallContext } from '../../define.ts'
import { lazyRequire } from '../../lazy.ts'
import { byteLength } from '../bytes.ts'
import { MeteredText, TooMuchWork } from './metered-text.ts'
import { estimateProgramSize } from './pattern-size.ts'

export const regexLimits = {
  maxPatternBytes: 1024,
  maxInputBytes: 1024 * 1024,
  /** Instructions that a pattern compiles to. */
  maxProgramSize: 10_000,
  /** Characters read times what reading one costs. */
  maxWork: 6_000_000,
  /** Offsets of matches and their groups. */
  maxOffsets: 400_000,
} as const

/** RE2's and Go's syntax. `offsets` of a match are pairs: of the whole match, then of each group (-1: not part of it). */
export type Regex = RE2JS

/** The pattern is no regular expression (and not merely too large). */
export class PatternError extends HelperError {}

const re2 = lazyRequire<typeof import('re2js')>('re2js')

/** Compiled patterns, the least recently used first. */
const cache = new Map<string, Regex>()
const maxCached = 100

const instructionBytes = 64

/** Compiles a pattern, or finds it among those used last. Throws PatternError, or HelperError beyond a limit. */
export function compileRegex(pattern: string, context: CallContext): Regex {
  checkPattern(pattern, context)
  const regex = cache.get(pattern) ?? compile(pattern)
  cache.delete(pattern)
  cache.set(pattern, regex)
  if (cache.size > maxCached) cache.delete(cache.keys().next().value ?? '')
  return regex
}

/** Accounts for the pattern whether or not it is in the cache: what a template may do must not depend on that. */
function checkPattern(pattern: string, context: CallContext): void {
  if (byteLength(pattern) > regexLimits.maxPatternBytes) {
    throw new HelperError(`the pattern is longer than ${regexLimits.maxPatternBytes} bytes`)
  }
  const size = estimateProgramSize(pattern)
  if (size > regexLimits.maxProgramSize) {
    throw new HelperError(
      `the pattern's repetitions amount to more than ${regexLimits.maxProgramSize} instructions`,
    )
  }
  context.charge(size * instructionBytes)
}

function compile(pattern: string): Regex {
  if (!pattern.isWellFormed()) throw new PatternError('error parsing regexp: invalid UTF-8')
  try {
    return re2().RE2JS.compile(pattern)
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : 'error parsing regexp')
  }
}

/** Up to this many pairs of instruction and position, the engine notes where it has been and backtracks. */
const maxVisited = 262_144

/** What a character read costs when it backtracks; otherwise it may look at each with every instruction. */
const backtrackWeight = 6

/**
 * The offsets of up to `max` matches that do not overlap (all with a negative `max`), as Go finds them: leftmost first,
 * and none that is empty right after another.
 */
export function findMatches(regex: Regex, text: string, max: number, context: CallContext): number[][] {
  if (byteLength(text) > regexLimits.maxInputBytes) {
    throw new HelperError(`the text to search is longer than ${regexLimits.maxInputBytes} bytes`)
  }
  const size = regex.programSize()
  const weight = size * text.length > maxVisited ? size : backtrackWeight
  const metered = new MeteredText(text, Math.floor(regexLimits.maxWork / weight))
  const maxMatches = Math.floor(regexLimits.maxOffsets / (2 * regex.groupCount() + 2))
  try {
    const limit = max < 0 || max > maxMatches ? maxMatches + 1 : max
    const matches = search(regex, metered, limit)
    if (matches.length > maxMatches) throw new HelperError(`there are more than ${maxMatches} matches`)
    return matches
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error
    throw new HelperError(`searching ${text.length} characters for this pattern takes too much work`)
  } finally {
    context.charge(metered.reads * weight)
  }
}

function search(regex: Regex, text: MeteredText, limit: number): number[][] {
  const matches = regex.re2().findAllSubmatchIndex(text, limit) as number[][] | null
  return matches ?? []
}
