import { compareStrings } from '../../helpers/go/bytes.ts'
import { findLabelKeyProblem, findLabelValueProblem } from './label.ts'

/** A label selector that Kubernetes would refuse too. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError'
}

export type SelectorOperator = '=' | '==' | '!=' | 'in' | 'notin' | '>' | '<' | 'exists' | '!'

export interface Requirement {
  readonly key: string
  readonly operator: SelectorOperator
  readonly values: readonly string[]
}

/** All of the requirements must hold; `nothing` matches no object at all. */
export type Selector = readonly Requirement[] | 'nothing'

/** As Kubernetes writes it in specs. */
export interface SelectorSpec {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[]
}

export type Labels = Readonly<Record<string, string>>

const EXPRESSION_OPERATORS: ReadonlyMap<string, SelectorOperator> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
])
const HOLD_WITHOUT_LABEL: readonly SelectorOperator[] = ['!', '!=', 'notin']
const NO_VALUES: readonly SelectorOperator[] = ['exists', '!']
const ANY_VALUES: readonly SelectorOperator[] = ['in', 'notin']

/** An absent selector matches nothing, an empty one everything. Throws {@link SelectorError}. */
export function toSelector(spec: SelectorSpec | null | undefined): Selector {
  if (spec === null || spec === undefined) return 'nothing'
  const labels = Object.entries(spec.matchLabels ?? {}).map(([key, value]) =>
    makeRequirement(key, '=', [value]),
  )
  const expressions = (spec.matchExpressions ?? []).map(({ key, operator, values }) => {
    const known = EXPRESSION_OPERATORS.get(operator)
    if (known === undefined) {
      throw new SelectorError(
        `${JSON.stringify(operator)} is not a label selector operator (In, NotIn, Exists or DoesNotExist)`,
      )
    }
    return makeRequirement(key, known, values ?? [])
  })
  return sortByKey([...labels, ...expressions])
}

/** Checked as the API server checks it. Throws {@link SelectorError}. */
export function makeRequirement(
  key: string,
  operator: SelectorOperator,
  values: readonly string[],
): Requirement {
  const keyProblem = findLabelKeyProblem(key)
  if (keyProblem !== undefined) throw new SelectorError(`the label key ${JSON.stringify(key)}: ${keyProblem}`)
  const countProblem = findCountProblem(operator, values.length)
  if (countProblem !== undefined) throw new SelectorError(`the selector on ${key}: ${countProblem}`)
  for (const value of values) {
    const problem = findLabelValueProblem(value) ?? findOrderProblem(operator, value)
    if (problem !== undefined)
      throw new SelectorError(`the value ${JSON.stringify(value)} of ${key}: ${problem}`)
  }
  return { key, operator, values }
}

function findCountProblem(operator: SelectorOperator, count: number): string | undefined {
  if (NO_VALUES.includes(operator)) return count === 0 ? undefined : 'Exists and DoesNotExist take no values'
  if (ANY_VALUES.includes(operator)) return count > 0 ? undefined : 'In and NotIn need at least one value'
  return count === 1 ? undefined : `${operator} takes one value`
}

function findOrderProblem(operator: SelectorOperator, value: string): string | undefined {
  const orders = operator === '>' || operator === '<'
  return orders && findInteger(value) === undefined ? `${operator} compares integers` : undefined
}

export function sortByKey(requirements: readonly Requirement[]): readonly Requirement[] {
  return [...requirements].sort((a, b) => compareStrings(a.key, b.key))
}

export function matchesSelector(selector: Selector, labels: Labels): boolean {
  return selector !== 'nothing' && selector.every((requirement) => holds(requirement, labels))
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  if (value === undefined) return HOLD_WITHOUT_LABEL.includes(operator)
  switch (operator) {
    case 'exists':
      return true
    case '!':
      return false
    case 'notin':
    case '!=':
      return !values.includes(value)
    case '>':
    case '<':
      return holdsOrder(operator, value, values[0] ?? '')
    default:
      return values.includes(value)
  }
}

function holdsOrder(operator: '>' | '<', value: string, bound: string): boolean {
  const left = findInteger(value)
  const right = findInteger(bound)
  if (left === undefined || right === undefined) return false
  return operator === '>' ? left > right : left < right
}

/** A 64-bit integer, or undefined. */
function findInteger(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]{1,64}$/.test(text)) return undefined
  const value = BigInt(text.replace('+', ''))
  return BigInt.asIntN(64, value) === value ? value : undefined
}

/** The text form that the API server takes as `labelSelector`. `nothing` has none: it is the empty text. */
export function formatSelector(selector: Selector): string {
  if (selector === 'nothing') return ''
  return selector.map(formatRequirement).join(',')
}

function formatRequirement({ key, operator, values }: Requirement): string {
  const sorted = [...values].sort(compareStrings).join(',')
  switch (operator) {
    case 'exists':
      return key
    case '!':
      return `!${key}`
    case 'in':
    case 'notin':
      return `${key} ${operator} (${sorted})`
    default:
      return `${key}${operator}${sorted}`
  }
}
