/** A text that is not YAML, or breaks a limit. Lines and columns count from 1; columns count characters. */
export class YamlError extends Error {
  override readonly name = 'YamlError'
  readonly line: number
  readonly column: number
  readonly lineText: string
  /** What is wrong, without the place. */
  readonly reason: string

  constructor(reason: string, place: TextPlace) {
    super(`yaml: line ${place.line}: ${reason}`)
    this.reason = reason
    this.line = place.line
    this.column = place.column
    this.lineText = place.lineText
  }
}

export interface TextPlace {
  readonly line: number
  readonly column: number
  readonly lineText: string
}

/** Where an offset is, counted as a person counts. */
export function placeOf(text: string, offset: number): TextPlace {
  const end = Math.min(offset, text.length)
  let line = 1
  let lineStart = 0
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x0a || (code === 0x0d && text.charCodeAt(at + 1) !== 0x0a)) {
      line++
      lineStart = at + 1
    }
  }
  const lineText = /^[^\r\n]*/.exec(text.slice(lineStart))?.[0] ?? ''
  return { line, column: Array.from(text.slice(lineStart, end)).length + 1, lineText }
}
