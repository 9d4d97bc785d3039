import type { Logger, Metrics } from '../ports.ts'

const nothing = () => {}

/** A command prints what matters itself. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
}

export const noMetrics: Metrics = { observe: nothing, set: nothing, add: nothing, forget: nothing }
