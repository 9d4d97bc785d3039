/** Cron slots, time zones, intervals. */
export const SCHEDULE_LIMITS = {
  /** Share of an interval by which one due time may differ from it, up or down. */
  jitterRatio: 0.05,
  maxScheduleChars: 256,
} as const

/** Retries of a failing set or connection. */
export interface BackoffLimits {
  readonly baseMs: number
  readonly maxMs: number
}

export const BACKOFF_LIMITS: BackoffLimits = { baseMs: 1_000, maxMs: 15 * 60_000 }

/** What the API server and people take in a condition, event or status entry. */
export const STATUS_LIMITS = {
  /** The API server allows 32,768 characters; `kubectl get` and dashboards are for people. */
  maxMessageChars: 4_096,
  /** Bytes of an event's note. */
  maxEventNoteBytes: 1_024,
  maxPlanChanges: 50,
  maxHistoryEntries: 5,
  maxWarnings: 10,
} as const

/** A set's object, before anything is generated. */
export const SPEC_LIMITS = {
  minIntervalMs: 5_000,
  maxGenerators: 500,
  maxMatrixGenerators: 50,
  maxTemplates: 1_000,
  maxListElements: 10_000,
  maxTextChars: 16_384,
  /** Findings listed by one validation; more are only counted. */
  maxFindings: 50,
  maxDepth: 100,
} as const

/** What one evaluation of a set may produce. */
export const BUILD_LIMITS = {
  maxElements: 10_000,
  maxObjects: 100_000,
  maxObjectBytes: 1_048_576,
  maxSetBytes: 64 * 1_048_576,
} as const

/** What a generator may receive. */
export const RESPONSE_LIMITS = {
  maxBytes: 5 * 1_048_576,
  maxArchiveBytes: 100 * 1_048_576,
  maxArchiveEntries: 10_000,
} as const
