/** A sample's value: a finite number, or what stands in the answer instead of one. */
export type SampleValue = number | 'NaN' | '+Inf' | '-Inf'

/** Go's strconv.FormatFloat: plain below 1e21, else with an exponent. Number() alone would take "" for 0 and "+Inf" for NaN. */
const NUMBER = /^-?\d{1,400}(?:\.\d{1,400})?(?:e[+-]\d{1,3})?$/

/** Undefined for a text that is not a sample's value. */
export function parseSampleValue(text: string): SampleValue | undefined {
  if (text === 'NaN' || text === '+Inf' || text === '-Inf') return text
  if (!NUMBER.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}
