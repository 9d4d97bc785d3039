import { setTimeout as sleep } from 'node:timers/promises'

export interface PollOptions {
  readonly deadlineMs?: number
  readonly intervalMs?: number
}

type Answer<T> = T | undefined | false

/**
 * Asks `probe` until it answers something other than undefined or false. At the deadline it throws, naming `what` and the error that the
 * probe threw last.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<Answer<T>> | Answer<T>,
  { deadlineMs = 30_000, intervalMs = 100 }: PollOptions = {},
): Promise<T> {
  const startedAt = performance.now()
  for (;;) {
    const attempt = await tryOnce(probe)
    if ('answer' in attempt) return attempt.answer
    if (performance.now() - startedAt > deadlineMs) {
      throw new Error(`waited ${deadlineMs / 1000} s in vain for ${what}${attempt.reason}`)
    }
    await sleep(intervalMs)
  }
}

/** Thrown by a probe to say that waiting longer is of no use. */
export class Abandon extends Error {
  override readonly name = 'Abandon'
}

async function tryOnce<T>(
  probe: () => Promise<Answer<T>> | Answer<T>,
): Promise<{ readonly answer: T } | { readonly reason: string }> {
  try {
    const answer = await probe()
    return answer === undefined || answer === false ? { reason: '' } : { answer }
  } catch (error) {
    if (error instanceof Abandon) throw error
    return { reason: error instanceof Error ? `: ${error.message}` : '' }
  }
}
