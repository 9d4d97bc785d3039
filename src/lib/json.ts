/**
 * JSON as the stages between API server and generators handle it: the model of helpers/go, for those that may not
 * import helpers themselves. Objects are read and written by own keys only; integers keep all their digits.
 */
export {
  copyJson,
  findField,
  findPath,
  isJsonObject,
  mapField,
  stringField,
} from '../../helpers/go/json-tree.ts'
export { parseJson, stringifyJson } from '../../helpers/go/json.ts'
export { WideNumber, isMap, setKey, tagType } from '../../helpers/go/value.ts'
export type { JsonObject, JsonValue, Value } from '../../helpers/go/value.ts'
