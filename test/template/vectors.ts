import { readFileSync } from 'node:fs'

const dataFolder = new URL('../conformance/data/', import.meta.url)

export function readVectors<T>(file: string): T[] {
  const text = readFileSync(new URL(file, dataFolder), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

export function readJsonFile<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, dataFolder), 'utf8')) as T
}
