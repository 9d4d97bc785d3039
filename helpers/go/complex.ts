import { formatFloat } from './float.ts'
import { HostValue } from './value.ts'

/** complex128: only literals such as `2i` make one, and nothing computes with it. */
export class GoComplex extends HostValue {
  readonly typeName = 'complex128'
  readonly kind = 'complex128'
  readonly real: number
  readonly imaginary: number

  constructor(real: number, imaginary: number) {
    super()
    this.real = real
    this.imaginary = imaginary
  }

  override toGoString(): string {
    const imaginary = formatFloat(this.imaginary, 'g', -1)
    return `(${formatFloat(this.real, 'g', -1)}${/^[+-]/.test(imaginary) ? '' : '+'}${imaginary}i)`
  }

  isZero(): boolean {
    return this.real === 0 && this.imaginary === 0
  }
}
