/** Bounds of one JSONPath; exceeding one is a JsonPathError that names it. */
export const JSON_PATH_LIMITS = {
  maxPathChars: 4_096,
  /** Filters and unions inside each other. */
  maxNesting: 16,
  /** Values looked at in one search. */
  maxSteps: 1_000_000,
  maxResults: 100_000,
  /** Depth of the data that `..` goes down to. */
  maxDepth: 1_000,
} as const
