import { AppError } from '../errors.ts'
import type { Clock, HttpClient, HttpRequest, HttpResponse } from '../ports.ts'
import { requestKey } from './canonical-request.ts'

export interface CoalesceOptions {
  /** How long a success answers further identical requests. */
  readonly windowMs: number
  /** Characters of answers that are kept at a time. */
  readonly maxKeptChars: number
}

/** Short: sets that a change wakes together share an answer, a forced evaluation a moment later asks again. */
export const DEFAULT_COALESCE: CoalesceOptions = { windowMs: 1_000, maxKeptChars: 16 * 1024 * 1024 }

interface Shared {
  readonly answer: Promise<HttpResponse>
  readonly stop: AbortController
  waiting: number
  /** Set once it has succeeded. */
  kept?: { untilMs: number; chars: number }
}

/** Sends identical requests once while they are under way and for a short time after. One caller's abort does not stop the others. */
export function coalescingClient(
  inner: HttpClient,
  clock: Clock,
  options: CoalesceOptions = DEFAULT_COALESCE,
): HttpClient {
  const shared = new Map<string, Shared>()
  let keptChars = 0

  function drop(key: string, entry: Shared): void {
    if (shared.get(key) !== entry) return
    shared.delete(key)
    keptChars -= entry.kept?.chars ?? 0
  }

  function dropOutdated(): void {
    const nowMs = clock.monotonicMs()
    for (const [key, entry] of shared) {
      if (entry.kept !== undefined && entry.kept.untilMs <= nowMs) drop(key, entry)
    }
  }

  function keep(key: string, entry: Shared, response: HttpResponse): void {
    const chars = response.body.length
    if (response.status >= 300 || keptChars + chars > options.maxKeptChars) return drop(key, entry)
    if (shared.get(key) !== entry) return
    entry.kept = { untilMs: clock.monotonicMs() + options.windowMs, chars }
    keptChars += chars
  }

  function start(key: string, request: HttpRequest): Shared {
    const stop = new AbortController()
    const entry: Shared = { answer: inner.send(request, stop.signal), stop, waiting: 0 }
    shared.set(key, entry)
    entry.answer.then(
      (response) => keep(key, entry, response),
      () => drop(key, entry),
    )
    return entry
  }

  async function send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    dropOutdated()
    const key = requestKey(request)
    const entry = shared.get(key) ?? start(key, request)
    entry.waiting++
    const leave = (): void => {
      entry.waiting--
      if (entry.waiting > 0 || entry.kept !== undefined) return
      drop(key, entry)
      entry.stop.abort()
    }
    return withAbort(entry.answer, signal, leave)
  }
  return { send }
}

/** The answer, unless the signal aborts first: then `leave` is called, and the request ends only if nobody waits for it. */
async function withAbort(
  answer: Promise<HttpResponse>,
  signal: AbortSignal | undefined,
  leave: () => void,
): Promise<HttpResponse> {
  if (signal === undefined) return answer
  let giveUp = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => {
      leave()
      reject(
        new AppError('GeneratorFailed', 'retry', 'the evaluation was stopped before the server answered'),
      )
    }
  })
  if (signal.aborted) giveUp()
  else signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([answer, aborted])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
