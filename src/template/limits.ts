export interface TemplateLimits {
  /** Actions, loop rounds and function calls; a call with large arguments counts for more. */
  readonly maxSteps: number
  /** A backstop behind the others, which are exact: no object may take longer. */
  readonly maxDurationMs: number
  /** Templates that call templates. */
  readonly maxDepth: number
  readonly maxOutputBytes: number
  /** Text and lists that functions make on the way. */
  readonly maxAllocatedBytes: number
  /** One text or list that a function makes. */
  readonly maxValueBytes: number
}

/** For one rendered object, whatever number of templates it is made of. */
export const templateLimits: TemplateLimits = {
  maxSteps: 1_000_000,
  maxDurationMs: 10_000,
  maxDepth: 100,
  maxOutputBytes: 1024 * 1024,
  maxAllocatedBytes: 64 * 1024 * 1024,
  maxValueBytes: 8 * 1024 * 1024,
}

/** How deep blocks and parentheses may nest in a template's source. */
export const maxNesting = 500

/** What has been used of the limits. Several templates may share one. */
export class Budget {
  readonly limits: TemplateLimits
  steps = 0
  outputBytes = 0
  allocatedBytes = 0
  /** The number of steps at which the limits are looked at again. */
  nextCheck = 0
  /** Set by the first execution; of performance.now(). */
  startedMs: number | undefined

  constructor(limits: Partial<TemplateLimits> = {}) {
    this.limits = { ...templateLimits, ...limits }
  }
}
