import type { Clock } from '../ports.ts'

/** The reason of an abort by {@link withDeadline}. */
export class DeadlineExceeded extends Error {
  constructor(timeoutMs: number) {
    super(`no complete answer within ${timeoutMs / 1000} s`)
    this.name = 'DeadlineExceeded'
  }
}

/** Runs `run` with a signal that aborts after `timeoutMs`, or with `signal` and its reason. */
export async function withDeadline<T>(
  clock: Clock,
  limits: { timeoutMs: number; signal?: AbortSignal | undefined },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  limits.signal?.throwIfAborted()
  const controller = new AbortController()
  const follow = (): void => controller.abort(limits.signal?.reason)
  limits.signal?.addEventListener('abort', follow, { once: true })
  const cancel = clock.after(limits.timeoutMs, () => controller.abort(new DeadlineExceeded(limits.timeoutMs)))
  try {
    return await run(controller.signal)
  } finally {
    cancel()
    limits.signal?.removeEventListener('abort', follow)
  }
}

/** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
export async function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  let cancel = (): void => {}
  const slept = new Promise<void>((resolve) => {
    cancel = clock.after(delayMs, resolve)
  })
  await (signal === undefined ? slept : abortable(slept, signal)).finally(cancel)
}

/** `promise`, or the signal's reason as soon as it aborts. What the promise stands for goes on. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(abortReason(signal))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted')
}
