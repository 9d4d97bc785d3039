import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The best of several runs: on a shared machine the others say what else was going on. */
export interface Measurement {
  readonly wallMs: number
  /** User and system time of all threads. */
  readonly cpuMs: number
  readonly maxRssMib: number
}

const command = fileURLToPath(new URL('../../bin/gitopsset.js', import.meta.url))
const reporter = new URL('./report-usage.ts', import.meta.url).href

/**
 * Renders the set with the command, as a user would: `runs` times for the time, and once more for what it used, because
 * what reports that delays the start.
 */
export function measureCommand(set: string, runs: number): Measurement {
  const folder = mkdtempSync(join(tmpdir(), 'gitopsset-bench-'))
  try {
    const file = join(folder, 'set.yaml')
    writeFileSync(file, set)
    const used = readUsage(file, join(folder, 'usage.json'))
    const wallMs = Math.min(...Array.from({ length: runs }, () => timeCommand(file)))
    return { ...used, wallMs }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function timeCommand(file: string, nodeOptions: readonly string[] = [], env: NodeJS.ProcessEnv = {}): number {
  const start = performance.now()
  const result = spawnSync(process.execPath, [...nodeOptions, command, 'render', '--offline', file], {
    env: { ...process.env, ...env },
    maxBuffer: 1024 ** 3,
  })
  if (result.status !== 0) throw new Error(`render failed: ${String(result.stderr).slice(0, 500)}`)
  return performance.now() - start
}

function readUsage(file: string, report: string): Measurement {
  const wallMs = timeCommand(file, ['--import', reporter], { BENCH_USAGE: report })
  const used = JSON.parse(readFileSync(report, 'utf8')) as NodeJS.ResourceUsage
  return { wallMs, cpuMs: (used.userCPUTime + used.systemCPUTime) / 1000, maxRssMib: used.maxRSS / 1024 }
}

/** Runs in this process, whose code is warm after the first. */
export async function measureInProcess(run: () => unknown, runs: number): Promise<Measurement> {
  const measurements: Measurement[] = []
  for (let round = 0; round < runs; round++) {
    const cpu = process.cpuUsage()
    const start = performance.now()
    await run()
    const wallMs = performance.now() - start
    const used = process.cpuUsage(cpu)
    const maxRssMib = process.memoryUsage.rss() / 1024 ** 2
    measurements.push({ wallMs, cpuMs: (used.user + used.system) / 1000, maxRssMib })
  }
  return best(measurements)
}

function best(measurements: readonly Measurement[]): Measurement {
  const smallest = (key: keyof Measurement) => Math.min(...measurements.map((item) => item[key]))
  return { wallMs: smallest('wallMs'), cpuMs: smallest('cpuMs'), maxRssMib: smallest('maxRssMib') }
}
