import type { AppError } from '../errors.ts'
import type { KubeObject } from '../ports.ts'
import { applyObject } from './apply-object.ts'
import type { ApplyContext, ApplyOutcome } from './apply-object.ts'
import type { Change } from './change-set.ts'
import { definesKind, toStages } from './order.ts'
import { keyOf } from '../api/object-key.ts'
import { findPath, mapField, stringField } from '../lib/json.ts'

/** Objects of one set that are applied at the same time. */
const PARALLEL_APPLIES = 8
const ESTABLISHED_POLLS = 50
const ESTABLISHED_POLL_MS = 200

/** What applying a set's objects came to. */
export interface ApplyReport {
  readonly changes: readonly Change[]
  readonly errors: readonly AppError[]
  /** The server's warnings, each once. */
  readonly warnings: readonly string[]
}

/** Applies all objects, stage by stage; one that fails does not stop the others. Never throws. */
export async function applyAll(objects: readonly KubeObject[], context: ApplyContext): Promise<ApplyReport> {
  const outcomes: ApplyOutcome[] = []
  for (const stage of toStages(objects.map((object) => ({ object })))) {
    outcomes.push(...(await applyStage(stage, context)))
    await waitForDefinitions(
      stage.map((item) => item.object),
      context,
    )
  }
  return {
    changes: outcomes.map((outcome) => outcome.change),
    errors: outcomes.flatMap((outcome) => (outcome.error === undefined ? [] : [outcome.error])),
    warnings: [...new Set(outcomes.flatMap((outcome) => outcome.warnings))],
  }
}

async function applyStage(
  stage: readonly { object: KubeObject }[],
  context: ApplyContext,
): Promise<ApplyOutcome[]> {
  const outcomes: ApplyOutcome[] = Array.from({ length: stage.length })
  const pending = stage.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of pending) outcomes[index] = await applyObject(item.object, context)
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL_APPLIES, stage.length) }, worker))
  return outcomes
}

/** Waits until new definitions are served, so that objects of their kinds can follow in the next stage. */
async function waitForDefinitions(objects: readonly KubeObject[], context: ApplyContext): Promise<void> {
  for (const object of objects.filter(definesKind)) await waitUntilEstablished(object, context)
}

async function waitUntilEstablished(object: KubeObject, context: ApplyContext): Promise<void> {
  for (let poll = 0; poll < ESTABLISHED_POLLS && !context.signal.aborted; poll++) {
    const live = await context.client.get(keyOf(object), context.signal).catch(() => undefined)
    // Refused or failed: its own outcome says so, and there is nothing to wait for.
    if (live === undefined) return
    if (isEstablished(live) && (await isServed(live, context))) return
    await delay(ESTABLISHED_POLL_MS)
  }
}

function isEstablished(definition: KubeObject): boolean {
  const conditions = findPath(definition, 'status', 'conditions')
  return (
    Array.isArray(conditions) &&
    conditions.some(
      (condition) =>
        findPath(condition, 'type') === 'Established' && findPath(condition, 'status') === 'True',
    )
  )
}

/** Discovery follows a moment after a definition is established; what is known of it may be older still. */
async function isServed(definition: KubeObject, { client }: ApplyContext): Promise<boolean> {
  const group = stringField(mapField(definition, 'spec'), 'group')
  const kind = stringField(mapField(mapField(definition, 'spec'), 'names'), 'kind')
  const find = (refresh: boolean): Promise<string | undefined> =>
    client.findServedVersion({ group, version: '', kind }, { refresh }).catch(() => undefined)
  return ((await find(false)) ?? (await find(true))) !== undefined
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
