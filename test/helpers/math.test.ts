import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDecimals, divideDecimals, toDecimal, toFloat } from '../../helpers/go/decimal.ts'
import { render } from './render.ts'

describe('arithmetic', () => {
  it.each([
    ['{{ add 1 "2" 3.9 true nil }}', '7'],
    ['{{ add }}', '0'],
    ['{{ add 9223372036854775807 1 }}', '-9223372036854775808'],
    ['{{ sub 1 2 }}', '-1'],
    ['{{ mul 4611686018427387904 2 2 }}', '0'],
    ['{{ div -7 2 }} {{ mod -7 2 }}', '-3 -1'],
    ['{{ div -9223372036854775808 -1 }}', '-9223372036854775808'],
    ['{{ max 3 10 }} {{ biggest 3 10 }} {{ min 3 10 -1 }}', '10 10 -1'],
    ['{{ maxf (float64 "nan") (float64 "inf") }} {{ minf 1 (float64 "-inf") }}', '+Inf -Inf'],
    ['{{ addf 0.1 0.2 }} {{ subf 1 0.9 }} {{ mulf 1.1 3 }} {{ divf 2 3 }}', '0.3 0.1 3.3 0.6666666666666667'],
    ['{{ divf 1 1e20 }} {{ divf -1 3 }}', '0 -0.3333333333333333'],
    ['{{ round 2.5 0 }} {{ round -2.5 0 }} {{ round 1250 -2 }} {{ round 1.5 0 0.6 }}', '3 -3 1300 1'],
    ['{{ floor -1.5 }} {{ ceil -1.5 }}', '-2 -1'],
    ['{{ atoi "99999999999999999999" }} {{ atoi "1x" }} {{ atoi "-0" }}', '9223372036854775807 0 0'],
    ['{{ toDecimal "0755" }} {{ toDecimal 1e10 }}', '493 0'],
    [
      '{{ kindOf (int 1.0) }} {{ kindOf (int64 1) }} {{ kindOf (add 1) }} {{ kindOf (addf 1) }}',
      'int int64 int64 float64',
    ],
  ])('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  it.each([
    ['{{ div 1 0 }}', 'integer divide by zero'],
    ['{{ mod 1 "x" }}', 'integer divide by zero'],
    ['{{ divf 1 0 }}', 'decimal division by 0'],
    ['{{ mulf (float64 "inf") 2 }}', '+Inf is not a number to calculate with'],
    ['{{ addf (float64 "nan") 2 }}', 'NaN is not a number to calculate with'],
  ])('%s fails', (template, message) => {
    expect(() => render(template)).toThrow(message)
  })
})

describe('decimals', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

  it('hold every float64', () => {
    fc.assert(fc.property(finite, (value) => toFloat(toDecimal(value)) === value))
  })

  it('add in any order', () => {
    const bounded = fc.double({ noNaN: true, min: -1e9, max: 1e9 })
    fc.assert(
      fc.property(bounded, bounded, (a, b) => {
        const [left, right] = [toDecimal(a), toDecimal(b)]
        return toFloat(addDecimals(left, right)) === toFloat(addDecimals(right, left))
      }),
    )
  })

  it('divide to the nearest of 16 digits', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1 }), (a, b) => {
        const quotient = divideDecimals(toDecimal(a), toDecimal(b))
        const rest = BigInt(a) * 10n ** 16n - quotient.coefficient * BigInt(b)
        expect(quotient.exponent).toBe(-16)
        expect((rest < 0n ? -rest : rest) * 2n <= BigInt(b)).toBe(true)
      }),
    )
  })
})
