import type { SliceNode } from './ast.ts'

const INT64_LIMIT = 1n << 63n

/** An integer as Go's Atoi takes it, or undefined. */
export function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ''))
  return value >= -INT64_LIMIT && value < INT64_LIMIT ? value : undefined
}

/** An int literal as bigint, a float literal as number, or undefined. */
export function parseNumberLiteral(text: string): bigint | number | undefined {
  const integer = parseInt64(text)
  if (integer !== undefined) return integer
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** The slice between two brackets, or what is wrong with it. */
export function parseSlice(content: string): SliceNode | string {
  const match = /^(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?$/.exec(content)
  if (!match) return `invalid array index ${content}`
  const endDerived = match[2] === undefined
  const [start, end, step] = match.slice(1).map((bound: string | undefined) => parseBound(bound ?? ''))
  const wrong = [start, end, step].find((bound) => typeof bound === 'string')
  if (typeof wrong === 'string') return `array index ${wrong} is not a number`
  return {
    kind: 'slice',
    start: toIndex(start),
    end: endDerived ? (toIndex(start) ?? 0) + 1 : toIndex(end),
    step: toIndex(step),
    endDerived,
  }
}

/** The number, undefined where none is written, or the text where it is none. */
function parseBound(bound: string): number | string | undefined {
  const text = bound.replace(/^:/, '')
  const value = parseInt64(text)
  if (value !== undefined) return Number(value)
  return text === '' ? undefined : text
}

function toIndex(bound: number | string | undefined): number | undefined {
  return typeof bound === 'number' ? bound : undefined
}
