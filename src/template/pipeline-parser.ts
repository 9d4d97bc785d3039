import { quoteString, unquote } from '../../helpers/go/quote.ts'
import type { Callable, CommandNode, Declaration, Operand, PipeNode } from './ast.ts'
import { readNumberLiteral } from './number-literal.ts'
import type { Scope } from './scope.ts'
import { operandText } from './node-text.ts'
import type { TokenCursor } from './token-cursor.ts'
import type { Token, TokenKind } from './token.ts'

/** Kinds of operands that only the first command of a pipeline may start with: they take no piped value. */
const notExecutable: ReadonlySet<Operand['kind']> = new Set(['bool', 'dot', 'nil', 'number', 'string'])

const operandStarts: ReadonlySet<TokenKind> = new Set([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
])

/** Parses pipelines: declarations, commands, operands. */
export class PipelineParser {
  readonly #cursor: TokenCursor
  readonly #scope: Scope
  readonly #findCallable: (name: string) => Callable | undefined
  /** Variables that pipelines around the cursor declare: they exist only after these. */
  readonly #pending: string[] = []

  constructor(cursor: TokenCursor, scope: Scope, findCallable: (name: string) => Callable | undefined) {
    this.#cursor = cursor
    this.#scope = scope
    this.#findCallable = findCallable
  }

  /** Reads up to and including the token that ends the pipeline. `context` names it in errors. */
  parse(context: string, end: 'rightDelim' | 'rightParen'): PipeNode {
    const pos = this.#cursor.peekNonSpace().pos
    const { names, isAssign } = this.#parseDeclarations(context)
    const pendingBefore = this.#pending.length
    this.#pending.push(...names.map((name) => name.text))
    const commands = this.#parseCommands(context, end)
    this.#pending.length = pendingBefore
    const declarations = names.map((name) => (isAssign ? this.#assign(name) : this.#declare(name)))
    return { kind: 'pipe', pos, declarations, isAssign, commands }
  }

  #declare(token: Token): Declaration {
    const slot = this.#scope.newSlot()
    this.#scope.declare(token.text, slot)
    return { pos: token.pos, name: token.text, slot }
  }

  /** As in Go, an assignment to an unknown variable fails when it is executed, and the name is known from there. */
  #assign(token: Token): Declaration {
    const slot = this.#scope.find(token.text)
    if (slot === undefined) this.#scope.declare(token.text, this.#scope.newSlot())
    return { pos: token.pos, name: token.text, slot }
  }

  /** `$x :=`, `$x =`, and in a range `$i, $x :=`. */
  #parseDeclarations(context: string): { names: Token[]; isAssign: boolean } {
    const names: Token[] = []
    for (;;) {
      const mark = this.#cursor.mark()
      const variable = this.#cursor.peekNonSpace()
      if (variable.kind !== 'variable') return { names, isAssign: false }
      this.#cursor.next()
      const next = this.#cursor.peekNonSpace()
      if (next.kind === 'assign' || next.kind === 'declare') {
        this.#cursor.next()
        return { names: [...names, variable], isAssign: next.kind === 'assign' }
      }
      if (next.kind !== 'char' || next.text !== ',') {
        this.#cursor.rewind(mark)
        return { names, isAssign: false }
      }
      this.#cursor.next()
      names.push(variable)
      this.#checkSecondName(context, names)
    }
  }

  #checkSecondName(context: string, names: readonly Token[]): void {
    const next = this.#cursor.peekNonSpace()
    if (context !== 'range' || names.length > 1) {
      throw this.#cursor.error(next, `too many declarations in ${context}`)
    }
    if (next.kind !== 'variable' && next.kind !== 'rightDelim' && next.kind !== 'rightParen') {
      throw this.#cursor.error(next, 'range can only initialize variables')
    }
  }

  #parseCommands(context: string, end: TokenKind): CommandNode[] {
    const commands: CommandNode[] = []
    for (;;) {
      const token = this.#cursor.peekNonSpace()
      if (token.kind === end) {
        this.#cursor.next()
        this.#checkCommands(context, commands, token)
        return commands
      }
      if (!operandStarts.has(token.kind)) return this.#cursor.unexpected(token, context)
      commands.push(this.#parseCommand())
    }
  }

  #checkCommands(context: string, commands: readonly CommandNode[], end: Token): void {
    if (commands.length === 0) throw this.#cursor.error(end, `missing value for ${context}`)
    for (const [index, { args }] of commands.entries()) {
      if (index === 0 || args[0] === undefined || !notExecutable.has(args[0].kind)) continue
      throw this.#cursor.error(end, `non executable command in pipeline stage ${index + 1}`)
    }
  }

  /** Operands separated by space, up to a pipe or the end of the pipeline. */
  #parseCommand(): CommandNode {
    const pos = this.#cursor.peekNonSpace().pos
    const args: Operand[] = []
    for (;;) {
      this.#cursor.peekNonSpace()
      const operand = this.#parseOperand()
      if (operand !== undefined) args.push(operand)
      const mark = this.#cursor.mark()
      const token = this.#cursor.next()
      if (token.kind === 'space') continue
      if (token.kind === 'rightDelim' || token.kind === 'rightParen') this.#cursor.rewind(mark)
      else if (token.kind !== 'pipe') return this.#cursor.unexpected(token, 'operand')
      if (args.length === 0) throw this.#cursor.error(token, 'empty command')
      return { kind: 'command', pos, args }
    }
  }

  /** A term and the fields behind it: `.a.b`, `$x.y`, `(f x).z`. */
  #parseOperand(): Operand | undefined {
    const term = this.#parseTerm()
    if (term === undefined) return undefined
    const { pos, kind } = this.#cursor.peek()
    if (kind !== 'field') return term
    const names: string[] = []
    while (this.#cursor.peek().kind === 'field') names.push(this.#cursor.next().text.slice(1))
    return this.#withFields(term, names, pos)
  }

  #withFields(term: Operand, names: readonly string[], pos: number): Operand {
    switch (term.kind) {
      case 'field':
      case 'variable':
        return { ...term, pos, names: [...term.names, ...names] }
      case 'pipe':
      case 'identifier':
      case 'chain':
        return { kind: 'chain', pos, operand: term, names }
      default:
        throw this.#cursor.error(
          this.#cursor.peek(),
          `unexpected . after term ${quoteString(operandText(term))}`,
        )
    }
  }

  #parseTerm(): Operand | undefined {
    const token = this.#cursor.peekNonSpace()
    if (!operandStarts.has(token.kind)) return undefined
    this.#cursor.next()
    switch (token.kind) {
      case 'identifier':
        return this.#identifier(token)
      case 'variable':
        return this.#variable(token)
      case 'leftParen':
        return this.#parenthesized(token)
      case 'string':
      case 'rawString':
        return this.#string(token)
      case 'number':
      case 'complex':
      case 'charConstant':
        return this.#number(token)
      default:
        return simpleTerm(token)
    }
  }

  #identifier(token: Token): Operand {
    const callable = this.#findCallable(token.text)
    if (callable === undefined) throw this.#cursor.error(token, `function "${token.text}" not defined`)
    return { kind: 'identifier', pos: token.pos, callable }
  }

  #variable(token: Token): Operand {
    const slot = this.#scope.find(token.text)
    if (slot === undefined && !this.#pending.includes(token.text)) {
      throw this.#cursor.error(token, `undefined variable "${token.text}"`)
    }
    return { kind: 'variable', pos: token.pos, name: token.text, slot, names: [] }
  }

  #parenthesized(token: Token): Operand {
    this.#cursor.enter(token)
    const pipe = this.parse('parenthesized pipeline', 'rightParen')
    this.#cursor.leave()
    return pipe
  }

  #string(token: Token): Operand {
    const value = unquote(token.text)
    if (value === undefined) throw this.#cursor.error(token, 'invalid syntax')
    return { kind: 'string', pos: token.pos, quoted: token.text, value }
  }

  #number(token: Token): Operand {
    const node = readNumberLiteral(token)
    if (typeof node === 'string') throw this.#cursor.error(token, node)
    return node
  }
}

function simpleTerm(token: Token): Operand {
  switch (token.kind) {
    case 'field':
      return { kind: 'field', pos: token.pos, names: [token.text.slice(1)] }
    case 'bool':
      return { kind: 'bool', pos: token.pos, value: token.text === 'true' }
    case 'nil':
      return { kind: 'nil', pos: token.pos }
    default:
      return { kind: 'dot', pos: token.pos }
  }
}
