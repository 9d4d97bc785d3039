import { toRunes } from './bytes.ts'

/** The flags, width and precision of one printf directive. */
export interface Flags {
  plus: boolean
  minus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  /** `%+v` and `%#v`: the flags then mean something else, and are off themselves. */
  plusV: boolean
  sharpV: boolean
  width: number | undefined
  precision: number | undefined
}

export function newFlags(): Flags {
  return {
    plus: false,
    minus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
    width: undefined,
    precision: undefined,
  }
}

/** Pads to the width, counted in characters. Zeros pad on the left only. */
export function pad(flags: Flags, text: string, zero = flags.zero): string {
  if (flags.width === undefined) return text
  const missing = flags.width - countRunes(text, flags.width)
  if (missing <= 0) return text
  if (flags.minus) return text + ' '.repeat(missing)
  return (zero ? '0' : ' ').repeat(missing) + text
}

/** The number of characters, or anything not below `enough`. */
function countRunes(text: string, enough: number): number {
  return text.length >= enough * 2 ? enough : toRunes(text).length
}

/** Cuts to the precision, counted in characters. */
export function truncateRunes(flags: Flags, text: string): string {
  const { precision } = flags
  if (precision === undefined || text.length <= precision) return text
  return toRunes(text).slice(0, precision).join('')
}
