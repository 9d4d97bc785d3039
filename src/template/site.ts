import { execError } from './errors.ts'
import type { TemplateError } from './errors.ts'
import type { Source } from './position.ts'

/** A place in a template that can fail. Its text is only made when it does. */
export class Site {
  readonly #source: Source
  readonly #executing: string
  readonly #offset: number
  readonly #text: () => string

  constructor(body: { source: Source; name: string }, offset: number, text: () => string) {
    this.#source = body.source
    this.#executing = body.name
    this.#offset = offset
    this.#text = text
  }

  /** The error to throw. */
  fail(detail: string, cause?: unknown): TemplateError {
    const place = { source: this.#source, executing: this.#executing, offset: this.#offset, cause }
    return execError({ ...place, expression: this.#text() }, detail)
  }
}
