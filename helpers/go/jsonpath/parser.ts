import type { PathNode, PathNodes, PathParts } from './ast.ts'
import { JsonPathError } from './error.ts'
import { findFilterEnd, splitComparison } from './filter.ts'
import { JSON_PATH_LIMITS } from './limits.ts'
import { parseNumberLiteral, parseSlice } from './literal.ts'
import { findUnquoted } from './unquote.ts'

/** Ends a field name or a word, unless a backslash stands before it. */
const TERMINATOR = /[ \t\r\n.,[\]$@{}]/
const LINE_END = /[\r\n]/
/** The dot of a field; and what says nothing: spaces, and the signs of the object at hand. */
const SKIPPED = /[. @$]/
const WORD_START = /[\p{L}\p{Nd}_]/u
const NUMBER = /[+-]?[.\p{Nd}]*/uy

/**
 * Reads a path in the dialect of Kubernetes (client-go's util/jsonpath), quirks included, because existing sets rely
 * on what it accepts. Throws JsonPathError of stage `parse`.
 */
export function parsePath(text: string): PathParts {
  if (text.length > JSON_PATH_LIMITS.maxPathChars) {
    throw new JsonPathError('parse', `a JSONPath has at most ${JSON_PATH_LIMITS.maxPathChars} characters`, 0)
  }
  return new PathParser(text, 0, undefined).parse()
}

class PathParser {
  readonly #text: string
  readonly #nesting: number
  /** Where this text lies in the whole path, for a text that was cut out of it. */
  readonly #origin: number | undefined
  #at = 0

  constructor(text: string, nesting: number, origin: number | undefined) {
    this.#text = text
    this.#nesting = nesting
    this.#origin = origin
  }

  parse(): PathParts {
    const parts: (PathNodes | { kind: 'text'; text: string })[] = []
    while (this.#at < this.#text.length) {
      const brace = this.#text.indexOf('{', this.#at)
      const end = brace < 0 ? this.#text.length : brace
      if (end > this.#at) parts.push({ kind: 'text', text: this.#text.slice(this.#at, end) })
      this.#at = end
      if (brace < 0) break
      this.#at++
      parts.push(this.#parseAction())
    }
    return parts
  }

  /** What follows an opening brace, up to and with the closing one. */
  #parseAction(): PathNodes {
    const nodes: PathNode[] = []
    while (!this.#take('}')) {
      if (this.#take('[?(')) nodes.push(this.#parseFilter())
      else if (this.#take('..')) this.#parseRecursive(nodes)
      else nodes.push(...this.#parseStep())
    }
    return nodes
  }

  #parseStep(): readonly PathNode[] {
    const char = this.#text.charAt(this.#at)
    if (char === '' || LINE_END.test(char)) throw this.#error('unclosed action: a closing brace is missing')
    if (char === '[') return this.#parseBrackets()
    if (char === '"' || char === "'") return [this.#parseQuoted(char)]
    if (!SKIPPED.test(char)) return [this.#parseBareword()]
    this.#at++
    return char === '.' ? [this.#parseField()] : []
  }

  #parseBareword(): PathNode {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0)
    if (/[+\-\p{Nd}]/u.test(char)) return this.#parseNumber()
    if (!WORD_START.test(char)) {
      throw this.#error(`unrecognized character in action: ${JSON.stringify(char)}`)
    }
    const start = this.#at
    while (this.#at < this.#text.length && !TERMINATOR.test(this.#text.charAt(this.#at))) this.#at++
    const word = this.#text.slice(start, this.#at)
    return word === 'true' || word === 'false'
      ? { kind: 'bool', value: word === 'true' }
      : { kind: 'word', word }
  }

  #parseRecursive(nodes: PathNode[]): void {
    if (nodes.at(-1)?.kind === 'recursive') {
      throw this.#error('recursive descent .. cannot follow itself', this.#at - 2)
    }
    nodes.push({ kind: 'recursive' })
    const next = this.#text.codePointAt(this.#at)
    if (next !== undefined && WORD_START.test(String.fromCodePoint(next))) nodes.push(this.#parseField())
  }

  #parseField(): PathNode {
    const start = this.#at
    while (this.#at < this.#text.length && !TERMINATOR.test(this.#text.charAt(this.#at))) {
      this.#at += this.#text.charAt(this.#at) === '\\' ? 2 : 1
    }
    this.#at = Math.min(this.#at, this.#text.length)
    const name = this.#text.slice(start, this.#at)
    return name === '*' ? { kind: 'wildcard' } : { kind: 'field', name: name.replaceAll('\\', '') }
  }

  #parseNumber(): PathNode {
    NUMBER.lastIndex = this.#at
    const text = NUMBER.exec(this.#text)?.[0] ?? ''
    const value = parseNumberLiteral(text)
    if (value === undefined) throw this.#error(`cannot parse number ${text}`)
    this.#at += text.length
    return { kind: 'number', value }
  }

  #parseQuoted(quote: string): PathNode {
    let end = this.#at
    do {
      end = this.#text.indexOf(quote, end + 1)
    } while (end > 0 && this.#text.charAt(end - 1) === '\\')
    const literal = this.#text.slice(this.#at, end + 1)
    if (end < 0 || literal.includes('\n')) throw this.#error('unterminated quoted string')
    const text = findUnquoted(literal)
    if (text === undefined) throw this.#error(`invalid escape in the quoted string ${literal}`)
    this.#at = end + 1
    return { kind: 'text', text }
  }

  /** `[0]`, `[1:3]`, `[*]`, `['key']`, and unions of these. */
  #parseBrackets(): readonly PathNode[] {
    const end = this.#text.indexOf(']', this.#at)
    const raw = this.#text.slice(this.#at + 1, end)
    if (end < 0 || raw.includes('\n')) throw this.#error('unterminated array: a closing bracket is missing')
    const nodes = this.#bracketNodes(raw === '*' ? ':' : raw)
    this.#at = end + 1
    return nodes
  }

  #bracketNodes(content: string): readonly PathNode[] {
    const members = content.split(',')
    if (members.length > 1) {
      const trimmed = members.map((member) => member.replace(/^ +| +$/g, ''))
      return [{ kind: 'union', members: trimmed.map((member) => this.#parseNested(`[${member}]`)) }]
    }
    const key = /^'([^']*)'$/.exec(content)?.[1]
    if (key !== undefined) return this.#parseNested(`.${key}`)
    const slice = parseSlice(content)
    if (typeof slice === 'string') throw this.#error(slice)
    return [slice]
  }

  /** What follows `[?(`. */
  #parseFilter(): PathNode {
    const end = findFilterEnd(this.#text, this.#at)
    if (end === undefined) throw this.#error('unterminated filter: it ends with )]')
    if (this.#text.charAt(end + 1) !== ']') throw this.#error('unclosed array: a filter ends with )]')
    const { left, operator, right } = splitComparison(this.#text.slice(this.#at, end))
    const node: PathNode = {
      kind: 'filter',
      left: this.#parseNested(left),
      operator,
      right: this.#parseNested(right),
    }
    this.#at = end + 2
    return node
  }

  /** A cut-out text as if it stood in braces of its own. */
  #parseNested(text: string): PathNodes {
    if (this.#nesting >= JSON_PATH_LIMITS.maxNesting) {
      throw this.#error(`filters and unions nest at most ${JSON_PATH_LIMITS.maxNesting} deep`)
    }
    const parts = new PathParser(`{${text}}`, this.#nesting + 1, this.#origin ?? this.#at).parse()
    const first = parts[0]
    return first !== undefined && 'length' in first ? first : []
  }

  #take(prefix: string): boolean {
    if (!this.#text.startsWith(prefix, this.#at)) return false
    this.#at += prefix.length
    return true
  }

  #error(message: string, at = this.#at): JsonPathError {
    return new JsonPathError('parse', message, this.#origin ?? at)
  }
}
