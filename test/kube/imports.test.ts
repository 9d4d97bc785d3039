import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../../src/kube')

test('importing the Kubernetes side loads no library: that is left to the first use', () => {
  const files = readdirSync(folder)
  expect(files.length).toBeGreaterThan(10)
  for (const file of files) {
    const imports = readFileSync(join(folder, file), 'utf8').matchAll(/^import (?!type ).*from '([^']+)'$/gm)
    const libraries = [...imports]
      .map((match) => match[1] ?? '')
      .filter((name) => !/^(node:|\.\.?\/)/.test(name))
    expect([file, libraries]).toEqual([file, []])
  }
})
