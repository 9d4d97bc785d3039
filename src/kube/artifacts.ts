import { AppError } from '../errors.ts'
import { findDigest, matchesDigest } from '../lib/digest.ts'
import type { Digest } from '../lib/digest.ts'
import { RESPONSE_LIMITS } from '../lib/limits.ts'
import type { ArtifactFetcher, ArtifactFiles, Clock } from '../ports.ts'
import type { Admission } from './admission.ts'
import { createAdmission } from './admission.ts'
import { createArtifactCache } from './artifact-cache.ts'
import { BodyTooLargeError, readBytes } from './body.ts'
import { DeadlineExceeded, withDeadline } from './deadline.ts'
import { startDownload } from './download.ts'
import type { DownloadAgents } from './download.ts'
import { BadArchiveError, untar } from './untar.ts'

export interface ArtifactFetcherOptions {
  readonly clock: Clock
  /** Guarded agents where artifact URLs may be written by tenants; without them every address is dialled. */
  readonly agents?: DownloadAgents
  readonly limits?: Partial<ArtifactLimits>
}

export interface ArtifactLimits {
  /** Of the download. */
  readonly maxBytes: number
  readonly maxUnpackedBytes: number
  readonly maxEntries: number
  readonly timeoutMs: number
  /** Unpacked artifacts kept for the next set that reads the same one. */
  readonly maxCacheBytes: number
}

const LIMITS: ArtifactLimits = {
  maxBytes: RESPONSE_LIMITS.maxArchiveBytes,
  maxUnpackedBytes: RESPONSE_LIMITS.maxArchiveBytes,
  maxEntries: RESPONSE_LIMITS.maxArchiveEntries,
  timeoutMs: 60_000,
  maxCacheBytes: 32 * 1_048_576,
}
/** Together with the limits above this bounds the memory that downloads take. */
const MAX_CONCURRENT = 2
const GONE_RETRY_MS = 30_000

type Artifact = Parameters<ArtifactFetcher['fetch']>[0]

interface FetchContext {
  readonly options: ArtifactFetcherOptions
  readonly limits: ArtifactLimits
  readonly admission: Admission
}

/**
 * Artifacts of Flux sources. The digest is mandatory and verified before anything is unpacked; as it names the content, what was once
 * verified is reused. Throws AppError `ArtifactNotReady`: `stall` for what only another artifact can mend, else `wait` or `retry`.
 */
export function createArtifactFetcher(options: ArtifactFetcherOptions): ArtifactFetcher {
  const limits = { ...LIMITS, ...options.limits }
  const admission = createAdmission(options.clock, { maxInFlight: MAX_CONCURRENT, qps: 0, burst: 0 })
  const context = { options, limits, admission }
  const cache = createArtifactCache(limits.maxCacheBytes)
  return {
    async fetch(artifact, signal) {
      const digest = findDigest(artifact.digest)
      if (digest === undefined) {
        throw notReady('stall', 'the artifact has no valid digest, so that its content cannot be verified')
      }
      const known = cache.find(artifact.digest)
      if (known !== undefined) return known
      const files = await fetchFiles(context, artifact, { digest, signal })
      cache.keep(artifact.digest, files)
      return files
    },
  }
}

async function fetchFiles(
  context: FetchContext,
  artifact: Artifact,
  how: { digest: Digest; signal: AbortSignal | undefined },
): Promise<ArtifactFiles> {
  const { limits, options } = context
  const url = checkUrl(artifact.url)
  if ((artifact.size ?? 0) > limits.maxBytes) throw tooLarge(url, limits)
  const leave = await context.admission.enter(how.signal)
  try {
    const timing = { timeoutMs: limits.timeoutMs, signal: how.signal }
    const archive = await withDeadline(options.clock, timing, (signal) => download(context, url, signal))
    if (!matchesDigest(archive, how.digest)) {
      // Most likely the source has moved on between its status and this download.
      throw notReady('retry', `the artifact at ${url.host} does not have the digest that its source names`)
    }
    const untarLimits = { maxBytes: limits.maxUnpackedBytes, maxEntries: limits.maxEntries }
    return await untar(archive, untarLimits)
  } catch (error) {
    how.signal?.throwIfAborted()
    throw explain(error, url, limits)
  } finally {
    leave()
  }
}

async function download(context: FetchContext, url: URL, signal: AbortSignal): Promise<Buffer> {
  try {
    return await downloadBytes(context, url, signal)
  } catch (error) {
    // Node's own error for an aborted request does not say why it was aborted.
    signal.throwIfAborted()
    throw error
  }
}

async function downloadBytes(context: FetchContext, url: URL, signal: AbortSignal): Promise<Buffer> {
  const response = await startDownload(url, context.options.agents, signal)
  const status = response.statusCode ?? 0
  if (status === 200) return readBytes(response as AsyncIterable<Uint8Array>, context.limits.maxBytes)
  response.destroy()
  if (status === 404 || status === 410) {
    throw notReady(
      'wait',
      `the artifact is gone from ${url.host}; its source will name a new one`,
      GONE_RETRY_MS,
    )
  }
  throw notReady('retry', `${url.host} answered HTTP ${status} to the download of the artifact`)
}

function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (
    url === undefined ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username !== '' ||
    url.password !== ''
  ) {
    throw notReady('stall', 'the URL of the artifact is not an http(s) URL without user name')
  }
  return url
}

/** From an allow-list of texts: a network error's own text may hold the URL. */
function explain(error: unknown, url: URL, limits: ArtifactLimits): AppError {
  if (error instanceof AppError) return error
  if (error instanceof BodyTooLargeError) return tooLarge(url, limits)
  if (error instanceof BadArchiveError)
    return notReady('stall', `the artifact at ${url.host}: ${error.message}`)
  // The guarded agents' refusal; its text names the host and the reason.
  if (error instanceof Error && error.name === 'AddressRefused') return notReady('stall', error.message)
  if (error instanceof DeadlineExceeded) return notReady('retry', `${url.host}: ${error.message}`)
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
  return notReady('retry', `the artifact cannot be downloaded from ${url.host} (${code})`)
}

function tooLarge(url: URL, limits: ArtifactLimits): AppError {
  return notReady('stall', `the artifact at ${url.host} is larger than ${limits.maxBytes} bytes`)
}

function notReady(disposition: 'stall' | 'wait' | 'retry', message: string, retryAfterMs?: number): AppError {
  return new AppError(
    'ArtifactNotReady',
    disposition,
    message,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  )
}
