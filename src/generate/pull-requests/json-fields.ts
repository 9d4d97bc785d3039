import { findField } from '../../lib/json.ts'
import type { JsonObject, JsonValue } from '../../lib/json.ts'
import { ForgeAnswerError } from './forge.ts'

export function listOf(answer: JsonValue | undefined): JsonValue[] {
  if (Array.isArray(answer)) return answer
  throw new ForgeAnswerError('the answer has no list of pull requests')
}

export function numberField(object: JsonObject, name: string): number {
  const value = findField(object, name)
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new ForgeAnswerError(`a pull request has no ${name}`)
}
