import type { Rule } from './schema.ts'

const isSet = (value: unknown) => value !== undefined && value !== null

/** Exactly one of `names` is set. */
export function exactlyOneOf(names: readonly string[], message: string): Rule {
  const terms = names.map((name) => `(has(self.${name}) ? 1 : 0)`)
  return {
    cel: `${terms.join(' + ')} == 1`,
    message,
    holds: (value) => names.filter((name) => isSet(value[name])).length === 1,
  }
}

/** `field` makes sense only beside `other`. */
export function onlyWith(field: string, other: string): Rule {
  return {
    cel: `!has(self.${field}) || has(self.${other})`,
    message: `${field} needs ${other}`,
    field,
    holds: (value) => !isSet(value[field]) || isSet(value[other]),
  }
}

/** What every polled generator needs: when to ask. */
export const TIMING_RULES = [
  exactlyOneOf(['interval', 'schedule'], 'exactly one of interval and schedule is needed'),
  onlyWith('timeZone', 'schedule'),
] as const
