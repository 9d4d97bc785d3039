import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

import { openMetricsLines, type SampleSeries } from './samples.ts'

const run = promisify(execFile)

/*
 * promtool reads the whole input once per block. With its own default of two hours, 30 days would be read 360 times.
 */
const MAX_BLOCK_DURATION = '30d'

/**
 * Writes series of the past into Prometheus' data folder. A running Prometheus sees them after a restart. Samples of the last minutes are
 * better pushed, so that they do not overlap with what it is collecting.
 */
export async function backfill(
  { promtool, dataDir }: { readonly promtool: string; readonly dataDir: string },
  series: readonly SampleSeries[],
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'gitopsset-backfill-'))
  try {
    const input = join(dir, 'samples.txt')
    await pipeline(Readable.from(inChunks(openMetricsLines(series))), createWriteStream(input))
    const args = [`--max-block-duration=${MAX_BLOCK_DURATION}`, '--quiet', 'openmetrics', input, dataDir]
    await run(promtool, ['tsdb', 'create-blocks-from', ...args], { env: {}, cwd: dir })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const CHUNK_LINES = 2_000

function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = []
  for (const line of lines) {
    chunk.push(line)
    if (chunk.length === CHUNK_LINES) {
      yield chunk.join('')
      chunk = []
    }
  }
  yield chunk.join('')
}
