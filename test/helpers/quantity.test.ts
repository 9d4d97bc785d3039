import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuantity, Quantity } from '../../helpers/go/quantity.ts'
import { render } from './render.ts'

describe('quantity functions', () => {
  it.each([
    ['{{ quantity "1.5Gi" }} {{ quantity "+1" }} {{ quantity "007" }} {{ quantity 0.5 }}', '1536Mi 1 7 500m'],
    ['{{ quantity 1e-7 }} {{ quantity 0 }} {{ quantity 1500000000 }}', '100n 0 1500M'],
    ['{{ quantityBytes "1.5Ki" }} {{ quantityBytes "1m" }} {{ kindOf (quantityBytes "1") }}', '1536 1 int'],
    ['{{ quantityMilli "0.25" }} {{ quantityMilli 2 }}', '250 2000'],
    [
      '{{ toMemory 1 }} {{ toMemory 1048577 }} {{ toMemory "1000Mi" }} {{ toMemory 1073741824 }}',
      '1Mi 2Mi 1000Mi 1Gi',
    ],
    ['{{ toMemory "64Mi" 833000000 }} {{ toMemory "1Gi" "1Mi" }} {{ toMemory 0 }}', '832Mi 1Gi 0'],
    ['{{ toCpu 0.0001 }} {{ toCpu 1.25 }} {{ toCpu "1500m" }} {{ toCpu 2 }}', '1m 1250m 1500m 2'],
    ['{{ quantityAdd "1Gi" "512Mi" }} {{ quantityAdd "100m" 1 }}', '1536Mi 1100m'],
    [
      '{{ quantityMul "512Mi" 1.2 }} {{ quantityMul 1.5 "500m" }} {{ quantityMul "333m" 1.1 }}',
      '644245095 750m 367m',
    ],
    ['{{ quantityMul "3Gi" (divf 1 3) }} {{ quantityMul 2 3 0.5 }}', '1Gi 3'],
    ['{{ quantityMul .bytes 1.2 | toMemory }}', '1207Mi'],
    ['{{ quantityMax "100Mi" .bytes }} {{ quantityMin "100Mi" .bytes }}', '1054000000 100Mi'],
    ['{{ quantityCmp "1G" "1Gi" }} {{ quantityCmp 1 "1000m" }} {{ quantityCmp "2" 1 }}', '-1 0 1'],
    ['{{ clamp "100Mi" "1Gi" "3Gi" }} {{ clamp "100Mi" "1Gi" 1 }} {{ clamp 1 10 2.5 }}', '1Gi 100Mi 2.5'],
    [
      '{{ roundUp "64Mi" "65Mi" }} {{ roundUp 10 42 }} {{ roundUp 0.5 1.2 }} {{ roundUp "50m" 0.12 }}',
      '128Mi 50 1.5 150m',
    ],
    ['{{ .bytes | quantityMul 1.2 | clamp "64Mi" "1Gi" | roundUp "64Mi" }}', '1Gi'],
  ])('%s', (template, want) => {
    expect(render(template, { bytes: 1_054_000_000 })).toBe(want.replace('1054000000', '1054M'))
  })

  it.each([
    ['{{ quantity "" }}', 'error calling quantity: "" is no quantity (it has no digits)'],
    ['{{ quantity "Mi" }}', 'it has no digits'],
    ['{{ quantity "12MB" }}', '"12MB" is no quantity'],
    ['{{ quantity nil }}', 'give a default'],
    ['{{ quantity (list 1) }}', 'expected a quantity such as "512Mi" or a number, got []interface {}'],
    ['{{ toMemory -1 }}', 'error calling toMemory: -1 is negative'],
    [
      '{{ toMemory (float64 "nan") }}',
      'error calling toMemory: NaN is not a number that Kubernetes can hold',
    ],
    ['{{ toCpu (float64 "inf") }}', 'Infinity is not a number'],
    ['{{ quantityMul "1Gi" "1Gi" }}', 'more than one argument has a unit'],
    ['{{ quantityAdd "5E" "5E" }}', 'more than the 2^63-1'],
    ['{{ quantity "1e70" }}', 'exponent is at most 64'],
    ['{{ quantity 1e300 }}', 'is not a number that Kubernetes can hold'],
    ['{{ clamp "2Gi" "1Gi" "1Gi" }}', 'lower bound 2Gi is above the upper bound 1Gi'],
    ['{{ roundUp 0 5 }}', 'the step is zero'],
    ['{{ toMemory "0" 5 }}', 'the step is zero'],
    ['{{ toMemory "64Mi" nil }}', 'got <nil>; give a default'],
    ['{{ toMemory 1 2 3 }}', 'expected bytes, or a step and bytes'],
  ])('%s fails', (template, message) => {
    expect(() => render(template)).toThrow(message)
  })
})

describe('quantities', () => {
  const nano = fc.bigInt({ min: 0n, max: (2n ** 63n - 1n) * 1_000_000_000n })

  it.each(['DecimalSI', 'DecimalExponent', 'BinarySI'] as const)(
    '%s text reads back as the same amount',
    (format) => {
      fc.assert(
        fc.property(nano, (value) => {
          expect(parseQuantity(new Quantity(value, format).canonical()).nano).toBe(value)
        }),
      )
    },
  )

  it('canonical text stays as it is', () => {
    fc.assert(
      fc.property(nano, fc.constantFrom('DecimalSI' as const, 'BinarySI' as const), (value, format) => {
        const text = new Quantity(value, format).canonical()
        expect(parseQuantity(text).canonical()).toBe(text)
      }),
    )
  })

  it('rounds up, never down, by less than a step', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.integer({ min: 1, max: 2 ** 30 }),
        (value, step) => {
          const rounded = Number(render('{{ roundUp .step .value }}', { step, value }))
          expect(rounded % step).toBe(0)
          expect(rounded - value).toBeGreaterThanOrEqual(0)
          expect(rounded - value).toBeLessThan(step)
        },
      ),
    )
  })
})
