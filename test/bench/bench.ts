/** `npm run bench [-- --short] [--json FILE]`: how long rendering takes. */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { commandScenarios, growthScenarios, partScenarios, type Result } from './scenarios.ts'

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, json: { type: 'string' } },
})

const results = [
  ...commandScenarios(options.short),
  ...(await partScenarios(options.short)),
  ...(await growthScenarios(options.short)),
]
process.stdout.write(formatTable(results))
if (options.json !== undefined) {
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model ?? '' }
  writeFileSync(options.json, `${JSON.stringify({ machine, results }, null, 2)}\n`)
}

function formatTable(items: readonly Result[]): string {
  const rows = [
    ['scenario', 'count', 'wall ms', 'CPU ms', 'µs each', 'RSS MiB', 'target'],
    ...items.map((item) => [
      item.name,
      item.count.toLocaleString('en'),
      item.wallMs.toFixed(0),
      item.cpuMs.toFixed(0),
      ((item.wallMs * 1000) / item.count).toFixed(1),
      item.maxRssMib.toFixed(0),
      formatTarget(item),
    ]),
  ]
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  )
  return `${lines.join('\n')}\n`
}

function formatTarget({ wallMs, maxRssMib, targetMs, targetRssMib }: Result): string {
  if (targetMs === undefined) return ''
  const isMet = wallMs <= targetMs && (targetRssMib === undefined || maxRssMib <= targetRssMib)
  const memory = targetRssMib === undefined ? '' : `, ${targetRssMib} MiB`
  return `${targetMs} ms${memory}: ${isMet ? 'met' : 'missed'}`
}
