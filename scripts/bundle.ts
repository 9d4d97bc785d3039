import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/**
 * Puts the program into a few files (`dist/bundle`), one for each command and what they share: a command line that has to
 * find and open 250 modules spends half of its time on that. npm packages stay where they are.
 */
const root = join(import.meta.dirname, '..')
const outDir = join(root, 'dist/bundle')

rmSync(outDir, { recursive: true, force: true })
const build = await rolldown({
  input: { process: join(root, 'src/cli/process.ts') },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/'),
})
await build.write({ dir: outDir, format: 'esm', sourcemap: true })
await build.close()
