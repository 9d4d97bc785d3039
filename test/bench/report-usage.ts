/** Loaded before the program that is measured: writes what it used when it ends. */
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const file = process.env['BENCH_USAGE']
  if (file !== undefined) writeFileSync(file, JSON.stringify(process.resourceUsage()))
})
