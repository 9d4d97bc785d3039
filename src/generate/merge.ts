import { copyJson, isJsonObject } from '../../helpers/go/json-tree.ts'
import { setKey, type JsonObject, type JsonValue } from '../../helpers/go/value.ts'

/**
 * Copies `source` into `target`: objects under the same key are merged, everything else is replaced, null too. What lands
 * in `target` shares nothing with `source`.
 */
export function mergeInto(target: JsonObject, source: JsonObject): void {
  for (const [key, value] of Object.entries(source)) {
    const present = Object.hasOwn(target, key) ? target[key] : undefined
    if (isJsonObject(value) && isJsonObject(present)) mergeInto(present, value)
    else setKey(target, key, copyJson<JsonValue>(value))
  }
}
