import type { GeneratorEntry, GitOpsSet } from '../api/types.ts'
import { AppError } from '../errors.ts'
import { isJsonObject } from '../lib/json.ts'
import type { JsonValue } from '../lib/json.ts'
import type { EntryOutcome } from '../pipeline.ts'
import type { Outcome } from './outcome.ts'

/** Shorter texts are no secrets that could be kept, and hiding them would make messages unreadable. */
const MIN_SECRET_CHARS = 4
const HIDDEN = '[hidden]'

/** Takes out of a text whatever a set has read from Secrets. */
export type Hide = (text: string) => string

/**
 * Templates and the API server repeat values in their messages. What the set's `config` generators have read from
 * Secrets must not get into status, events and logs that way.
 */
export function newHide(set: GitOpsSet, outcomes: readonly EntryOutcome[]): Hide {
  const texts = new Set<string>()
  for (const [index, entry] of (set.spec.generators ?? []).entries()) {
    if (!readsSecret(entry)) continue
    for (const element of outcomes[index]?.generation?.elements ?? []) collectTexts(element, texts)
  }
  // A long text first, so that a short one inside it leaves nothing of it behind.
  const longestFirst = [...texts].sort((a, b) => b.length - a.length)
  return (text) => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
}

function readsSecret(entry: GeneratorEntry): boolean {
  const entries = [entry, ...(entry.matrix?.generators ?? [])]
  return entries.some(({ config }) => config?.kind === 'Secret')
}

/** Every text, as it is and as a quoted message shows it, and every line of one with several. */
function collectTexts(value: JsonValue, texts: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collectTexts(item, texts)
  } else if (isJsonObject(value)) {
    for (const item of Object.values(value)) collectTexts(item, texts)
  } else if (typeof value === 'string') {
    const lines = [value, ...value.split('\n')].map((line) => line.trim())
    for (const line of lines) {
      if (line.length >= MIN_SECRET_CHARS) texts.add(line).add(JSON.stringify(line).slice(1, -1))
    }
  }
}

/** The outcome with messages that may be shown. Names of objects stay: the inventory is made of them. */
export function hideInOutcome(outcome: Outcome, hide: Hide): Outcome {
  if (outcome.kind === 'ready') return { ...outcome, warnings: outcome.warnings.map(hide) }
  if (outcome.kind !== 'failed') return outcome
  const [first, ...others] = outcome.errors
  return {
    ...outcome,
    errors: [hideInError(first, hide), ...others.map((error) => hideInError(error, hide))],
    warnings: outcome.warnings.map(hide),
  }
}

/** The same error; where its message must change, without its cause, which has the message too. */
export function hideInError(error: AppError, hide: Hide): AppError {
  const message = hide(error.message)
  if (message === error.message) return error
  const { reason, disposition, path, retryAfterMs } = error
  return new AppError(reason, disposition, message, {
    ...(path === undefined ? {} : { path }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
