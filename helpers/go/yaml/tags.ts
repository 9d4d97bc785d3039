import { resolveScalar, type Scalar } from './resolve.ts'

const standard = 'tag:yaml.org,2002:'
export const MERGE_TAG = `${standard}merge`

const typed = new Set(['null', 'bool', 'int', 'float', 'timestamp', 'str'])
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Handles declared by a document, on top of the two that are always there. */
export type TagHandles = ReadonlyMap<string, string>

/** The whole tag of what {@link scanTag} read, or undefined where its handle is not declared. */
export function expandTag(scanned: string, handles: TagHandles): string | undefined {
  const space = scanned.indexOf(' ')
  const handle = scanned.slice(0, space)
  const suffix = scanned.slice(space + 1)
  if (handle === '') return suffix
  const prefix = handles.get(handle) ?? (handle === '!!' ? standard : handle === '!' ? '!' : undefined)
  return prefix === undefined ? undefined : prefix + suffix
}

/** The scalar that a tag makes of a text, or what is wrong. Unknown tags make strings. */
export function resolveTagged(tag: string, text: string): Scalar | { readonly fault: string } {
  const name = tag.startsWith(standard) ? tag.slice(standard.length) : ''
  if (name === 'str') return { tag: 'str', value: text }
  if (name === 'binary') return decodeBinary(text)
  if (!typed.has(name)) return { tag: 'str', value: text }
  const found = resolveScalar(text)
  if (found.tag === name) return found
  if (name === 'float' && found.tag === 'int') return { tag: 'float', value: Number(found.value) }
  return { fault: `cannot decode !!${found.tag} \`${text}\` as a !!${name}` }
}

function decodeBinary(text: string): Scalar | { readonly fault: string } {
  const encoded = text.replace(/[\r\n]/g, '')
  if (!base64.test(encoded)) return { fault: '!!binary value contains invalid base64 data' }
  return { tag: 'str', value: Buffer.from(encoded, 'base64').toString('utf8') }
}
