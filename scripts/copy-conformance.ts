import { cpSync, existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Copies recorded behaviour of the Go libraries into the project's test data.
 * Usage: `npm run conformance -- FOLDER`, where FOLDER holds the *.jsonl files and `render/`.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const target = join(root, 'test/conformance/data')
const source = process.argv[2]

if (source === undefined || !existsSync(join(source, 'template.jsonl'))) {
  console.error('usage: npm run conformance -- FOLDER (a folder with template.jsonl and render/)')
  process.exit(2)
}
rmSync(target, { recursive: true, force: true })
cpSync(source, target, { recursive: true, mode: 0 })
