import type { ValueMap } from '../../helpers/go/value.ts'
import { Budget } from '../template/limits.ts'
import type { Runtime } from '../template/state.ts'
import type { SourceOrigin } from './leaf-place.ts'
import type { Template } from '../template/template.ts'

export interface ObjectContextOptions {
  readonly nowMs: number
  readonly warn: (message: string) => void
  readonly maxOutputBytes: number
}

/** The rendering of one object: its scope, and limits that its templates share. */
export class ObjectContext {
  readonly scope: ValueMap
  readonly runtime: Runtime
  /** Document markers that leaves render to are text. */
  readonly keepsMarkers: boolean
  /** Of the template that is being executed, for errors. */
  origin: SourceOrigin | undefined

  constructor(scope: ValueMap, options: ObjectContextOptions, keepsMarkers = false) {
    this.scope = scope
    const budget = new Budget({ maxOutputBytes: options.maxOutputBytes })
    this.runtime = { budget, nowMs: options.nowMs, warn: options.warn }
    this.keepsMarkers = keepsMarkers
  }

  execute(template: Template, origin: SourceOrigin): string {
    this.origin = origin
    return template.execute(this.scope, this.runtime)
  }
}
