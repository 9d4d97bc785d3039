import { AppError, toAppError, type Disposition, type Reason } from '../errors.ts'

/** A generator's failure at its field path. */
export function generatorError(
  path: string,
  disposition: Disposition,
  message: string,
  reason: Reason = 'GeneratorFailed',
): AppError {
  return new AppError(reason, disposition, message, { path })
}

/** The error with a field path, its own where it has one. */
export function atPath(error: unknown, path: string): AppError {
  const known = toAppError(error)
  if (known.path !== undefined) return known
  return new AppError(known.reason, known.disposition, known.message, {
    path,
    ...(known.position !== undefined && { position: known.position }),
    ...(known.retryAfterMs !== undefined && { retryAfterMs: known.retryAfterMs }),
    ...(known.cause !== undefined && { cause: known.cause }),
  })
}
