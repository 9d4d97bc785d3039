import { STATUS_LIMITS } from '../lib/limits.ts'
import type { Condition } from './types.ts'

export type ConditionType = Condition['type']

/** A condition without the fields that {@link setCondition} works out. */
export interface ConditionInput {
  readonly type: ConditionType
  readonly status: Condition['status']
  /** CamelCase, as the API's pattern wants it. */
  readonly reason: string
  readonly message: string
}

export interface ConditionContext {
  /** The generation that was acted on. */
  readonly generation: number
  readonly nowMs: number
}

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: ConditionType,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type)
}

export function isConditionTrue(conditions: readonly Condition[] | undefined, type: ConditionType): boolean {
  return findCondition(conditions, type)?.status === 'True'
}

/**
 * A new list with `input` set. lastTransitionTime moves only when the status does, so that a repeated failure shows
 * since when it lasts and an unchanged outcome is an unchanged status.
 */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  input: ConditionInput,
  context: ConditionContext,
): Condition[] {
  const previous = findCondition(conditions, input.type)
  const next: Condition = {
    type: input.type,
    status: input.status,
    reason: input.reason,
    message: cutMessage(input.message),
    lastTransitionTime:
      previous?.status === input.status ? previous.lastTransitionTime : toKubeTime(context.nowMs),
    observedGeneration: context.generation,
  }
  if (!previous) return [...(conditions ?? []), next]
  return (conditions ?? []).map((condition) => (condition === previous ? next : condition))
}

/** A new list without the conditions of these types. */
export function dropConditions(
  conditions: readonly Condition[] | undefined,
  ...types: readonly ConditionType[]
): Condition[] {
  return (conditions ?? []).filter((condition) => !types.includes(condition.type))
}

/** At most `maxChars` UTF-16 units, cut on a whole character; control characters but line feed and tab become spaces. */
export function cutMessage(message: string, maxChars: number = STATUS_LIMITS.maxMessageChars): string {
  // A lone surrogate is no Unicode text: the API server would refuse the whole status.
  const clean = message.replace(/(?![\n\t])\p{Cc}/gu, ' ').replace(/\p{Cs}/gu, '\uFFFD')
  if (clean.length <= maxChars) return clean
  return `${clean.slice(0, maxChars - 1).replace(/\p{Cs}$/u, '')}…`
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function toKubeTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
