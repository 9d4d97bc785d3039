import { isJsonObject } from '../lib/json.ts'
import type { JsonValue } from '../lib/json.ts'
import { YAML_LIMITS, YamlParser, checkText } from '../lib/yaml.ts'
import type { RepositorySpec } from '../api/types.ts'
import type { ArtifactFiles } from '../ports.ts'
import { generatorError } from './errors.ts'
import type { Element } from './generator.ts'
import { compileGlob } from './path-glob.ts'

/** Larger files are no parameters. */
const MAX_FILE_BYTES = 5 * 1024 * 1024

/** Elements of the files that the entry names: every YAML or JSON document is one. Throws AppError (stall: a new revision wakes the set). */
export function elementsOfFiles(
  files: NonNullable<RepositorySpec['files']>,
  artifact: ArtifactFiles,
  path: string,
): Element[] {
  return files.flatMap((file, index) =>
    parseFile(file.path, artifact, `${path}.files[${String(index)}].path`),
  )
}

function parseFile(name: string, artifact: ArtifactFiles, path: string): Element[] {
  const bytes = artifact.files.get(cleanPath(name))
  if (bytes === undefined)
    throw generatorError(path, 'stall', `failed to read from archive file "${name}": no such file`)
  if (bytes.length > MAX_FILE_BYTES)
    throw generatorError(
      path,
      'stall',
      `archive file "${name}" is larger than ${String(MAX_FILE_BYTES)} bytes`,
    )
  const documents = readDocuments(bytes, name, path)
  return documents.map((document) => {
    if (document === null) return {}
    if (isJsonObject(document)) return document
    const what = Array.isArray(document) ? 'an array' : `a ${typeof document}`
    throw generatorError(
      path,
      'stall',
      `failed to parse archive file "${name}": it holds ${what}, not an object`,
    )
  })
}

/** All documents but the empty ones; a file of nothing else is one empty document. */
function readDocuments(bytes: Uint8Array, name: string, path: string): JsonValue[] {
  const text = Buffer.from(bytes).toString('utf8')
  const documents: JsonValue[] = []
  try {
    checkText(text, YAML_LIMITS)
    const parser = new YamlParser(text, YAML_LIMITS)
    for (let next = parser.next(); next !== undefined; next = parser.next()) {
      if (next.value !== null) documents.push(next.value)
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable'
    throw generatorError(path, 'stall', `failed to parse archive file "${name}": ${why}`)
  }
  return documents.length === 0 ? [null] : documents
}

/** `{Directory, Base}` of each directory that a glob of the entry matches and none that excludes does, in Go's order. */
export function elementsOfDirectories(
  directories: NonNullable<RepositorySpec['directories']>,
  artifact: ArtifactFiles,
  path: string,
): Element[] {
  const rules = directories.map((rule, index) => ({
    isExclude: rule.exclude === true,
    isRoot: cleanPath(rule.path) === '.',
    matches: attemptGlob(cleanPath(rule.path), `${path}.directories[${String(index)}].path`),
  }))
  const excludes = rules.filter((rule) => rule.isExclude)
  const all = [...artifact.directories].map(cleanPath).filter((directory) => directory !== '.')
  all.sort(comparePaths)
  const found = new Set<string>()
  for (const rule of rules.filter((rule) => !rule.isExclude)) {
    if (rule.isRoot) found.add('.')
    for (const directory of all) if (rule.matches(directory)) found.add(directory)
  }
  return [...found]
    .filter((directory) => !excludes.some((rule) => rule.matches(directory)))
    .map((directory) => ({ Directory: `./${directory}`, Base: directory.split('/').at(-1) ?? directory }))
}

function attemptGlob(pattern: string, path: string): (directory: string) => boolean {
  try {
    return compileGlob(pattern)
  } catch (error) {
    throw generatorError(path, 'stall', error instanceof Error ? error.message : 'not a glob', 'InvalidSpec')
  }
}

/** Segment by segment, the order in which nested folders are listed. */
function comparePaths(a: string, b: string): number {
  const left = a.split('/')
  const right = b.split('/')
  for (const [index, segment] of left.entries()) {
    const other = right[index]
    if (other === undefined) return 1
    if (segment !== other) return segment < other ? -1 : 1
  }
  return left.length - right.length
}

/** Without `.`, `..` and empty segments; `..` ends at the root of the archive. The root itself is `.`. */
function cleanPath(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments.length === 0 ? '.' : segments.join('/')
}
