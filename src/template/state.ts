import { HelperError } from '../../helpers/define.ts'
import type { CallContext } from '../../helpers/define.ts'
import type { Value } from '../../helpers/go/value.ts'
import type { Budget } from './limits.ts'
import type { Site } from './site.ts'

/** What an execution uses of its surroundings. */
export interface Runtime {
  readonly budget: Budget
  /** The time of the evaluation, in milliseconds since 1970. */
  readonly nowMs: number
  warn(message: string): void
}

/** A look at the clock costs more than a step. */
const stepsBetweenChecks = 256

/** How a statement ended: 0 go on, 1 break, 2 continue. */
export type Signal = 0 | 1 | 2
export type Exec = (state: State, dot: Value) => Signal
export type Eval = (state: State, dot: Value) => Value

export interface CompiledBody {
  readonly name: string
  readonly slotCount: number
  readonly exec: Exec
}

/** One execution. Mutable, and used by one thread of closures only. */
export class State implements CallContext {
  out = ''
  /** The variables of the template being executed; undefined where the declaration was not reached. */
  slots: (Value | undefined)[]
  depth = 0
  readonly #runtime: Runtime
  readonly #budget: Budget
  readonly #maxOutputBytes: number

  constructor(runtime: Runtime, slots: Value[]) {
    this.#runtime = runtime
    this.#budget = runtime.budget
    this.#maxOutputBytes = runtime.budget.limits.maxOutputBytes
    this.slots = slots
  }

  step(site: Site, cost = 1): void {
    const steps = (this.#budget.steps += cost)
    if (steps >= this.#budget.nextCheck) this.#checkSteps(steps, site)
  }

  #checkSteps(steps: number, site: Site): void {
    const { maxSteps, maxDurationMs } = this.#budget.limits
    if (steps > maxSteps) {
      throw site.fail(`more than ${maxSteps} steps; loop over less, or split the template (limit maxSteps)`)
    }
    this.#budget.startedMs ??= performance.now()
    if (performance.now() - this.#budget.startedMs > maxDurationMs) {
      throw site.fail(
        `longer than ${maxDurationMs} ms; loop over less, or use smaller values (limit maxDurationMs)`,
      )
    }
    this.#budget.nextCheck = Math.min(steps + stepsBetweenChecks, maxSteps + 1)
  }

  /** Counts UTF-16 units here; {@link settle} corrects to bytes. */
  write(text: string, site: Site): void {
    this.out += text
    this.#budget.outputBytes += text.length
    if (this.#budget.outputBytes > this.#maxOutputBytes) throw site.fail(this.#tooMuchOutput())
  }

  settle(byteLength: number): string | undefined {
    this.#budget.outputBytes += byteLength - this.out.length
    return this.#budget.outputBytes > this.#maxOutputBytes ? this.#tooMuchOutput() : undefined
  }

  #tooMuchOutput(): string {
    return `more than ${this.#maxOutputBytes} bytes of output (limit maxOutputBytes)`
  }

  enterTemplate(site: Site): void {
    const { maxDepth } = this.#budget.limits
    if (++this.depth > maxDepth) {
      throw site.fail(`templates call each other more than ${maxDepth} levels deep (limit maxDepth)`)
    }
  }

  charge(bytes: number): void {
    const { maxAllocatedBytes, maxValueBytes } = this.#budget.limits
    // The comparisons are such that NaN does not get through.
    if (!(bytes <= maxValueBytes)) {
      throw new HelperError(
        `a function makes a value of more than ${maxValueBytes} bytes (limit maxValueBytes)`,
      )
    }
    if (!(bytes <= maxAllocatedBytes - this.#budget.allocatedBytes)) {
      throw new HelperError(
        `functions make more than ${maxAllocatedBytes} bytes of values (limit maxAllocatedBytes)`,
      )
    }
    this.#budget.allocatedBytes += bytes
  }

  nowMs(): number {
    return this.#runtime.nowMs
  }

  warn(message: string): void {
    this.#runtime.warn(message)
  }
}
