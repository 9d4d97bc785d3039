import { formatFloat } from '../float.ts'
import { resolveScalar, type Scalar } from './resolve.ts'

/** The text of a key in JSON, or undefined for a key that JSON cannot have (null, an integer above 2^63). */
export function keyText(scalar: Scalar): string | undefined {
  switch (scalar.tag) {
    case 'null':
      return undefined
    case 'bool':
      return scalar.value ? 'true' : 'false'
    case 'int':
      return scalar.value < 2n ** 63n ? scalar.value.toString() : undefined
    case 'float':
      return floatKey(scalar.value)
    default:
      return scalar.value
  }
}

const surelyText = /^[A-EG-MP-SU-XZa-eg-mp-su-xz_/][^]*$/

/** As {@link keyText}, for a plain key. */
export function plainKeyText(text: string): string | undefined {
  return surelyText.test(text) ? text : keyText(resolveScalar(text))
}

/** Float keys are written with the precision of 32 bits. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  const single = Math.fround(value)
  if (!Number.isFinite(single)) return value > 0 ? '.inf' : '-.inf'
  return formatFloat(shortestSingle(single), 'g', -1)
}

/** The decimal with the fewest digits that is still the same 32-bit float. */
function shortestSingle(single: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(single.toPrecision(digits))
    if (Math.fround(rounded) === single) return rounded
  }
  return Number(single.toPrecision(9))
}
