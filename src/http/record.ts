import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import type { HttpClient, HttpRequest } from '../ports.ts'
import {
  EVALUATION_FILE,
  formatRecording,
  parseRecording,
  recordedKey,
  timelessKey,
  toRecordedRequest,
  type Recording,
} from './recording.ts'

/** Saves every answer of `inner` in `dir`, one file a request, and the evaluation's instant beside them. */
export function recordingClient(
  inner: HttpClient,
  options: { dir: string; evaluatedAtMs: number },
): HttpClient {
  const { dir } = options
  return {
    async send(request, signal) {
      const response = await inner.send(request, signal)
      const recorded = toRecordedRequest(request)
      await mkdir(dir, { recursive: true })
      const text = formatRecording({ request: recorded, response })
      await writeFile(join(dir, fileName(request, recordedKey(recorded))), text)
      await writeFile(
        join(dir, EVALUATION_FILE),
        `${JSON.stringify({ evaluatedAt: new Date(options.evaluatedAtMs).toISOString() }, null, 2)}\n`,
      )
      return response
    },
  }
}

/** Answers from the files in `dir` and sends nothing. A request that is not recorded is an AppError. */
export function replayClient(dir: string): HttpClient {
  let loaded: Promise<Recordings> | undefined
  return {
    async send(request) {
      loaded ??= loadRecordings(dir)
      const recordings = await loaded
      const recorded = toRecordedRequest(request)
      const found =
        recordings.exact.get(recordedKey(recorded)) ?? only(recordings.timeless.get(timelessKey(recorded)))
      if (found !== undefined) return found.response
      const host = URL.parse(request.url)?.host ?? 'the endpoint'
      throw failure(
        `no recorded answer for this ${request.method} to ${host} in ${dir}; record it with --record`,
      )
    },
  }
}

/** The instant at which a recorded evaluation was made, or undefined for recordings made by hand. */
export async function findRecordedInstantMs(dir: string): Promise<number | undefined> {
  const text = await readFile(join(dir, EVALUATION_FILE), 'utf8').catch(() => undefined)
  const match = text === undefined ? null : /"evaluatedAt"\s*:\s*"([^"]*)"/.exec(text)
  const at = Date.parse(match?.[1] ?? '')
  return Number.isNaN(at) ? undefined : at
}

interface Recordings {
  readonly exact: ReadonlyMap<string, Recording>
  readonly timeless: ReadonlyMap<string, readonly Recording[]>
}

async function loadRecordings(dir: string): Promise<Recordings> {
  const names = await readdir(dir).catch(() => {
    throw failure(`cannot read the folder ${dir}`)
  })
  const exact = new Map<string, Recording>()
  const timeless = new Map<string, Recording[]>()
  for (const name of names.filter((name) => name.endsWith('.json') && name !== EVALUATION_FILE).sort()) {
    const recording = await loadRecording(join(dir, name))
    exact.set(recordedKey(recording.request), recording)
    const key = timelessKey(recording.request)
    timeless.set(key, [...(timeless.get(key) ?? []), recording])
  }
  return { exact, timeless }
}

async function loadRecording(file: string): Promise<Recording> {
  try {
    return parseRecording(await readFile(file, 'utf8'))
  } catch (error) {
    throw failure(`${file} is not a recording: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

/** Several recordings that differ only in time: which one is meant cannot be known. */
function only(found: readonly Recording[] | undefined): Recording | undefined {
  return found?.length === 1 ? found[0] : undefined
}

function fileName(request: HttpRequest, key: string): string {
  const host = (URL.parse(request.url)?.host ?? 'request').replace(/[^a-z0-9.-]+/gi, '_')
  return `${host}-${key.slice(0, 12)}.json`
}

function failure(message: string): AppError {
  return new AppError('GeneratorFailed', 'stall', message)
}
