import { readFileSync } from 'node:fs'

const dataFolder = new URL('../conformance/data/', import.meta.url)

/** The recorded cases of a file: its lines (`.jsonl`), or its content (`.json`). */
export function readVectors<T>(file: string): T[] {
  const text = readFileSync(new URL(file, dataFolder), 'utf8')
  const documents = file.endsWith('.json') ? [text] : text.split('\n').filter((line) => line !== '')
  return documents.flatMap((document) => JSON.parse(document) as T | T[])
}
