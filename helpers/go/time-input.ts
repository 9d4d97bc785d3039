/** What has been read of a time so far. */
export interface Fields {
  year: number
  month?: number
  day?: number
  yearDay?: number
  hour: number
  minute: number
  second: number
  nanosecond: number
  afternoon?: boolean
  isUtc?: true
  offsetSeconds?: number
  zoneName: string
}

/** The text of a time, and how far it has been read. */
export interface Input {
  readonly text: string
  at: number
  readonly fields: Fields
}

/** A number of the right form that no clock or calendar shows; the message is the end of Go's. */
export class RangeFailure extends Error {}

/** The match of a sticky pattern at the current place, which moves behind it. */
export function take(input: Input, pattern: RegExp): string | undefined {
  pattern.lastIndex = input.at
  const match = pattern.exec(input.text)
  if (match === null) return undefined
  input.at += match[0].length
  return match[0]
}
