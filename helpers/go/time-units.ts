import { bindMethod } from './method.ts'
import { monthName, weekdayName } from './time-format.ts'
import type { HostMethod } from './value.ts'
import { HostValue } from './value.ts'

/** A named integer of the time package, which prints as its name. */
abstract class NamedInt extends HostValue {
  readonly kind = 'int'
  readonly value: number

  constructor(value: number) {
    super()
    this.value = value
  }

  override integer(): bigint {
    return BigInt(this.value)
  }

  override toJsonValue(): bigint {
    return this.integer()
  }

  override method(name: string): HostMethod | undefined {
    return name === 'String' ? bindMethod(name, 0, () => this.toGoString()) : undefined
  }
}

/** Go's time.Month; January is 1. */
export class GoMonth extends NamedInt {
  readonly typeName = 'time.Month'

  override toGoString(): string {
    return monthName(this.value)
  }
}

/** Go's time.Weekday; Sunday is 0. */
export class GoWeekday extends NamedInt {
  readonly typeName = 'time.Weekday'

  override toGoString(): string {
    return weekdayName(this.value)
  }
}
