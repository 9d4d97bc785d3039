import pino from 'pino'
import { consoleLine } from './log-console.ts'
import { describeError } from './log-error.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export type LogEncoding = 'json' | 'console'

export interface LogOptions {
  readonly level: LogLevel
  readonly encoding: LogEncoding
  /** Takes whole lines. Default: standard error, written at once, so that a crash loses nothing. */
  readonly write?: (line: string) => void
}

type Fields = Readonly<Record<string, unknown>>

/** An adapter of the Logger port. */
export interface PinoLogger {
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
  child(fields: Fields): PinoLogger
}

/**
 * JSON lines `{"level","ts","msg",…}`, or lines for a person. A field named `error` may hold any thrown value; what of
 * it is logged: {@link describeError}.
 */
export function createLogger(options: LogOptions): PinoLogger {
  const write = options.write ?? standardError()
  const toLine = options.encoding === 'json' ? (line: string) => line : consoleLine
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
    },
    { write: (line: string) => write(toLine(line)) },
  )
  return adapt(logger)
}

function standardError(): (line: string) => void {
  const destination = pino.destination({ fd: 2, sync: true })
  return (line) => void destination.write(line)
}

function adapt(logger: pino.Logger): PinoLogger {
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    child: (fields) => adapt(logger.child(fields)),
  }
}
