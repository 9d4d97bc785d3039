import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject, stringField } from '../../helpers/go/json-tree.ts'
import type { JsonObject, JsonValue } from '../../helpers/go/value.ts'
import { parseYamlWithPositions, type PositionedDocument } from '../../helpers/go/yaml/positions.ts'
import { YamlError } from '../../helpers/go/yaml/yaml-error.ts'
import { API_GROUPS, KIND } from '../api/group.ts'
import type { PathStep } from '../api/validate.ts'
import { type CliContext, UsageError } from './context.ts'
import type { Problem } from './problem.ts'

/** One object of the input. */
export interface InputObject {
  readonly file: string
  /** The file's text. */
  readonly text: string
  readonly value: JsonObject
  readonly isSet: boolean
  readonly document: PositionedDocument
  /** Where the object is inside its document: not at the root in a List. */
  readonly root: readonly PathStep[]
}

export interface Input {
  readonly objects: readonly InputObject[]
  readonly problems: readonly Problem[]
}

interface SourceFile {
  readonly name: string
  readonly text: string
  /** Found in a folder: what is no Kubernetes object is none of our business there. */
  readonly isFromFolder: boolean
}

/** Reads files, folders (YAML and JSON files in them, at any depth) and `-` for standard input. Throws UsageError. */
export async function readInput(paths: readonly string[], context: CliContext): Promise<Input> {
  if (paths.length === 0) throw new UsageError('name a file, a folder, or - for standard input')
  const objects: InputObject[] = []
  const problems: Problem[] = []
  for (const path of paths) {
    for (const file of await readSources(path, context)) {
      const input = parseSource(file)
      objects.push(...input.objects)
      problems.push(...input.problems)
    }
  }
  return { objects, problems }
}

async function readSources(path: string, context: CliContext): Promise<SourceFile[]> {
  if (path === '-') return [{ name: '<stdin>', text: await context.readStdin(), isFromFolder: false }]
  try {
    if (!(await stat(path)).isDirectory()) {
      return [{ name: path, text: await readFile(path, 'utf8'), isFromFolder: false }]
    }
    const files = await listFiles(path)
    return await Promise.all(
      files.map(async (name) => ({ name, text: await readFile(name, 'utf8'), isFromFolder: true })),
    )
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new UsageError(
      `cannot read ${path}: ${code === 'ENOENT' ? 'there is no such file or folder' : code}`,
    )
  }
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const visible = entries.filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
  const files = visible.filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
  const folders = visible.filter((entry) => entry.isDirectory())
  const inside = await Promise.all(folders.map((entry) => listFiles(join(folder, entry.name))))
  return [...files.map((entry) => join(folder, entry.name)), ...inside.flat()].sort()
}

function parseSource(source: SourceFile): Input {
  try {
    const { documents } = parseYamlWithPositions(source.text)
    const parsed = documents.map((document) => toObjects(document, source))
    return {
      objects: parsed.flatMap((input) => input.objects),
      problems: parsed.flatMap((input) => input.problems),
    }
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const { line, column, lineText, reason } = error
    const place = { line, column, lineText }
    return { objects: [], problems: [{ file: source.name, place, message: reason, isInvalid: true }] }
  }
}

function toObjects(document: PositionedDocument, { name: file, text, isFromFolder }: SourceFile): Input {
  const { value } = document
  if (value === null) return { objects: [], problems: [] }
  if (!isJsonObject(value)) {
    const problem = {
      file,
      place: document.locateValue([]),
      message: 'not a Kubernetes object',
      isInvalid: true,
    }
    return { objects: [], problems: isFromFolder ? [] : [problem] }
  }
  if (isFromFolder && !isKubernetesObject(value)) return { objects: [], problems: [] }
  const objects = expandList(value).map(({ item, root }) => ({
    file,
    text,
    value: item,
    isSet: isSet(item),
    document,
    root,
  }))
  return { objects, problems: [] }
}

/** The items of a `v1` List, which `kubectl get -o yaml` prints; any other object as it is. */
function expandList(value: JsonObject): { item: JsonObject; root: readonly PathStep[] }[] {
  const items: JsonValue | undefined = value['items']
  if (value['kind'] !== 'List' || value['apiVersion'] !== 'v1' || !Array.isArray(items))
    return [{ item: value, root: [] }]
  return items.flatMap((item, index) => (isJsonObject(item) ? [{ item, root: ['items', index] }] : []))
}

function isKubernetesObject(value: JsonObject): boolean {
  return stringField(value, 'apiVersion') !== '' && stringField(value, 'kind') !== ''
}

/** Also what is meant to be one: the right kind with a wrong version, or the right group with a wrong kind. */
function isSet(value: JsonObject): boolean {
  const group = stringField(value, 'apiVersion').split('/')[0]
  return stringField(value, 'kind') === KIND || API_GROUPS.some((known) => known.name === group)
}
