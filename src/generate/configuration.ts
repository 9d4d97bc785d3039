import { findField, isJsonObject } from '../lib/json.ts'
import type { JsonObject } from '../lib/json.ts'
import type { ObjectKey } from '../ports.ts'
import { atPath, generatorError } from './errors.ts'
import type { GenerateContext } from './generator.ts'

export interface ConfigurationRef {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly name: string
}

export function configurationKey(ref: ConfigurationRef, namespace: string): ObjectKey {
  return { group: '', version: 'v1', kind: ref.kind, namespace, name: ref.name }
}

/**
 * The data of a ConfigMap, or of a Secret decoded, in the set's namespace. Throws AppError: `wait` where there is no such
 * object, since its creation wakes the set.
 */
export async function readConfiguration(
  context: GenerateContext,
  ref: ConfigurationRef,
): Promise<ReadonlyMap<string, string>> {
  const key = configurationKey(ref, context.namespace)
  const object = await context.reader.get(key, context.signal).catch((error: unknown) => {
    throw atPath(error, context.path)
  })
  if (object === undefined)
    throw generatorError(context.path, 'wait', `${ref.kind} ${context.namespace}/${ref.name} not found`)
  const data = findField(object, 'data')
  return isJsonObject(data) ? readStrings(data, ref.kind === 'Secret') : new Map()
}

function readStrings(data: JsonObject, isBase64: boolean): ReadonlyMap<string, string> {
  const strings = new Map<string, string>()
  for (const [key, value] of Object.entries(data)) {
    if (typeof value !== 'string') continue
    strings.set(key, isBase64 ? Buffer.from(value, 'base64').toString('utf8') : value)
  }
  return strings
}
