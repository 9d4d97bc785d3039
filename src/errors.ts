/** What must happen before another attempt makes sense. */
export type Disposition =
  /** The spec (or an object it refers to) must change. */
  | 'stall'
  /** An event or a later look will resolve it; not an alarm. */
  | 'wait'
  /** Try again with backoff. */
  | 'retry'

/** Reasons of the Ready condition that an error can lead to. */
export type Reason =
  | 'ReconciliationFailed'
  | 'InvalidSpec'
  | 'TemplateInvalid'
  | 'GeneratorFailed'
  | 'ArtifactNotReady'
  | 'RenderFailed'
  | 'AccessDenied'
  | 'ApplyFailed'
  | 'Conflict'
  | 'PruneFailed'
  | 'PruneBlocked'
  | 'DependencyNotReady'
  | 'InsufficientData'
  | 'Suspended'

/** A place in a text that a person wrote. Lines and columns count from 1; columns count characters. */
export interface SourcePosition {
  readonly line: number
  readonly column: number
  /** The line's text, for showing a caret under it. */
  readonly lineText?: string
}

export interface AppErrorDetails {
  /** Field path in the set, for example `spec.generators[1].apiClient.endpoint`. */
  readonly path?: string
  readonly position?: SourcePosition
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/** A failure with a reason and a disposition. The message never holds a secret: it ends in status, events and logs. */
export class AppError extends Error {
  readonly reason: Reason
  readonly disposition: Disposition
  readonly path: string | undefined
  readonly position: SourcePosition | undefined
  readonly retryAfterMs: number | undefined

  constructor(reason: Reason, disposition: Disposition, message: string, details: AppErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AppError'
    this.reason = reason
    this.disposition = disposition
    this.path = details.path
    this.position = details.position
    this.retryAfterMs = details.retryAfterMs
  }
}

/** Any thrown value as an AppError; what nobody classified is retried, and its text is not trusted to be free of secrets. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const name = error instanceof Error ? error.name : typeof error
  return new AppError(
    'ReconciliationFailed',
    'retry',
    `unexpected ${name}; the controller's log has the details`,
    {
      cause: error,
    },
  )
}
