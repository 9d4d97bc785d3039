export interface YamlLimits {
  /** Of the text, in UTF-16 units. */
  readonly maxChars: number
  /** Values that references to anchors may add to a document: bounds "billion laughs". */
  readonly maxAliasedValues: number
}

export const YAML_LIMITS: YamlLimits = {
  maxChars: 64 * 1024 * 1024,
  maxAliasedValues: 100_000,
}
