import { unquote } from '../../helpers/go/quote.ts'
import type { Body, BranchNode, Callable, Node, PipeNode, RangeNode } from './ast.ts'
import { lex } from './lexer.ts'
import type { Delimiters } from './lexer.ts'
import { PipelineParser } from './pipeline-parser.ts'
import type { Source } from './position.ts'
import { Scope } from './scope.ts'
import { TokenCursor } from './token-cursor.ts'
import type { Token } from './token.ts'

export interface ParseOptions {
  readonly delimiters: Delimiters
  findCallable(name: string): Callable | undefined
}

export interface Parsed {
  readonly root: Body
  /** By name; without the root. */
  readonly definitions: ReadonlyMap<string, Body>
}

/** Parses a template with all its definitions. Throws TemplateError. */
export function parse(source: Source, options: ParseOptions): Parsed {
  return new Parser(source, options).parse()
}

/** What ends a list of nodes: `{{end}}`, `{{else}}` (the token after it tells its kind), or the end of the source. */
interface Ending {
  readonly kind: 'end' | 'else' | 'eof'
  readonly token: Token
}

class Parser {
  readonly #cursor: TokenCursor
  readonly #source: Source
  readonly #findCallable: ParseOptions['findCallable']
  readonly #definitions = new Map<string, Body>()
  #scope = new Scope()
  #rangeDepth = 0

  constructor(source: Source, options: ParseOptions) {
    this.#source = source
    this.#findCallable = (name) => options.findCallable(name)
    this.#cursor = new TokenCursor(source, lex(source.text, options.delimiters))
  }

  parse(): Parsed {
    const nodes: Node[] = []
    const ending = this.#parseList(nodes, true)
    if (ending.kind !== 'eof') throw this.#cursor.error(ending.token, `unexpected {{${ending.kind}}}`)
    const root = { name: this.#source.name, nodes, slotCount: this.#scope.slotCount }
    return { root, definitions: this.#definitions }
  }

  /** Reads nodes into `nodes` until something ends them. */
  #parseList(nodes: Node[], isTop: boolean): Ending {
    for (;;) {
      const token = this.#cursor.nextNonSpace()
      if (token.kind === 'eof') return { kind: 'eof', token }
      if (token.kind === 'text') nodes.push({ kind: 'text', pos: token.pos, text: token.text })
      else if (token.kind !== 'leftDelim') return this.#cursor.unexpected(token, 'input')
      else {
        const ending = this.#parseAction(token, nodes, isTop)
        if (ending !== undefined) return ending
      }
    }
  }

  #parseAction(delimiter: Token, nodes: Node[], isTop: boolean): Ending | undefined {
    this.#cursor.actionPos = delimiter.pos
    const token = this.#cursor.peekNonSpace()
    if (token.kind !== 'keyword') {
      const pipe = this.#pipeline('command')
      nodes.push({ kind: 'action', pos: pipe.pos, pipe })
      return undefined
    }
    return this.#parseKeyword(this.#cursor.next(), nodes, isTop)
  }

  #parseKeyword(token: Token, nodes: Node[], isTop: boolean): Ending | undefined {
    switch (token.text) {
      case 'end':
        this.#cursor.expect('end', 'rightDelim')
        return { kind: 'end', token }
      case 'else':
        return this.#parseElse(token)
      case 'define':
        if (!isTop) return this.#cursor.unexpected(token, 'command')
        this.#parseDefinition()
        return undefined
      default:
        nodes.push(this.#parseStatement(token))
        return undefined
    }
  }

  #parseStatement(token: Token): Node {
    switch (token.text) {
      case 'if':
      case 'with':
        return this.#parseBranch(token, token.text)
      case 'range':
        return this.#parseRange(token)
      case 'block':
        return this.#parseBlock(token)
      case 'template':
        return this.#parseTemplate(token)
      default:
        return this.#parseJump(token, token.text === 'break' ? 'break' : 'continue')
    }
  }

  /** `{{else}}`; of `{{else if}}` and `{{else with}}` the keyword is left to be read. */
  #parseElse(token: Token): Ending {
    const next = this.#cursor.peekNonSpace()
    const goesOn = next.kind === 'keyword' && (next.text === 'if' || next.text === 'with')
    if (!goesOn) this.#cursor.expect('else', 'rightDelim')
    return { kind: 'else', token }
  }

  #pipeline(context: string): PipeNode {
    const parser = new PipelineParser(this.#cursor, this.#scope, this.#findCallable)
    return parser.parse(context, 'rightDelim')
  }

  #parseBranch(token: Token, kind: 'if' | 'with'): BranchNode {
    return this.#inBlock(token, () => {
      const pipe = this.#pipeline(kind)
      const list: Node[] = []
      const ending = this.#parseBody(list)
      const elseList = ending.kind === 'else' ? this.#parseElseList(kind) : []
      return { kind, pos: token.pos, pipe, list, elseList }
    })
  }

  #parseRange(token: Token): RangeNode {
    return this.#inBlock(token, () => {
      const pipe = this.#pipeline('range')
      const list: Node[] = []
      this.#rangeDepth++
      const ending = this.#parseBody(list)
      this.#rangeDepth--
      const elseList = ending.kind === 'else' ? this.#parseElseList('range') : []
      return { kind: 'range', pos: token.pos, pipe, list, elseList }
    })
  }

  #inBlock<T>(token: Token, parseInside: () => T): T {
    const mark = this.#scope.enter()
    this.#cursor.enter(token)
    const result = parseInside()
    this.#cursor.leave()
    this.#scope.leave(mark)
    return result
  }

  /** Reads nodes to an `{{end}}` or `{{else}}`. */
  #parseBody(nodes: Node[]): Ending {
    const ending = this.#parseList(nodes, false)
    if (ending.kind === 'eof') throw this.#cursor.error(ending.token, 'unexpected EOF')
    return ending
  }

  /** After `{{else`: `if` in an if, and `with` in a with, start a nested one that shares the `{{end}}`. */
  #parseElseList(context: 'if' | 'with' | 'range'): Node[] {
    const next = this.#cursor.peek()
    if (next.kind === 'keyword' && next.text === context && context !== 'range') {
      return [this.#parseBranch(this.#cursor.next(), context)]
    }
    if (next.kind === 'keyword') return this.#cursor.unexpected(next, 'input')
    const nodes: Node[] = []
    const ending = this.#parseBody(nodes)
    if (ending.kind !== 'end') throw this.#cursor.error(ending.token, 'expected end; found {{else}}')
    return nodes
  }

  #parseJump(token: Token, kind: 'break' | 'continue'): Node {
    const next = this.#cursor.nextNonSpace()
    if (next.kind !== 'rightDelim') return this.#cursor.unexpected(next, `{{${kind}}}`)
    if (this.#rangeDepth === 0) throw this.#cursor.error(token, `{{${kind}}} outside {{range}}`)
    return { kind, pos: token.pos }
  }

  #parseTemplate(token: Token): Node {
    const name = this.#parseName('template clause')
    const next = this.#cursor.peekNonSpace()
    const pipe = next.kind === 'rightDelim' ? undefined : this.#pipeline('template clause')
    if (pipe === undefined) this.#cursor.next()
    return { kind: 'template', pos: token.pos, name, pipe }
  }

  #parseName(context: string): string {
    const token = this.#cursor.expect(context, 'string', 'rawString')
    const name = unquote(token.text)
    if (name === undefined) throw this.#cursor.error(token, 'invalid syntax')
    return name
  }

  #parseDefinition(): void {
    const name = this.#parseName('define clause')
    this.#cursor.expect('define clause', 'rightDelim')
    this.#define(name, 'define clause')
  }

  #parseBlock(token: Token): Node {
    const name = this.#parseName('block clause')
    const pipe = this.#pipeline('block clause')
    this.#define(name, 'block clause')
    return { kind: 'template', pos: token.pos, name, pipe }
  }

  /** Reads the body of a definition, which sees none of the variables around it. */
  #define(name: string, context: string): void {
    const outer = { scope: this.#scope, rangeDepth: this.#rangeDepth }
    this.#scope = new Scope()
    this.#rangeDepth = 0
    const nodes: Node[] = []
    const ending = this.#inBlock(this.#cursor.peek(), () => this.#parseBody(nodes))
    if (ending.kind !== 'end') throw this.#cursor.error(ending.token, `unexpected {{else}} in ${context}`)
    this.#addDefinition({ name, nodes, slotCount: this.#scope.slotCount }, ending.token)
    this.#scope = outer.scope
    this.#rangeDepth = outer.rangeDepth
  }

  /** Of two definitions of one name, one must be empty; the other counts. */
  #addDefinition(body: Body, token: Token): void {
    const earlier = this.#definitions.get(body.name)
    if (earlier !== undefined && !isEmpty(earlier)) {
      if (isEmpty(body)) return
      throw this.#cursor.error(token, `template: multiple definition of template "${body.name}"`)
    }
    this.#definitions.set(body.name, body)
  }
}

/** Only white space. */
function isEmpty(body: Body): boolean {
  return body.nodes.every((node) => node.kind === 'text' && node.text.trim() === '')
}
