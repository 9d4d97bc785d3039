import type { Callable, Node, Operand, PipeNode } from '../ast.ts'
import { parseError } from '../errors.ts'
import { maxNesting } from '../limits.ts'
import type { Parsed } from '../parser.ts'
import type { Source } from '../position.ts'
import { enterContext, nameBlockParams, readHolder, readSlot, rootContexts } from './contexts.ts'
import type { Contexts, Holder } from './contexts.ts'
import { ExpressionLowering, isScoped, stringNode } from './expressions.ts'
import { parseHandlebars } from './load.ts'
import type { BlockStatement, Expression, MustacheStatement, Path, Program, Statement } from './syntax.ts'
import {
  findPath,
  hasField,
  isPresent,
  isTruthy,
  newFailing,
  toEntries,
  toSection,
  toText,
} from './values.ts'

/** Parses a Handlebars template and lowers it to the nodes of the Go interpreter. Throws TemplateError. */
export function lowerHandlebars(
  source: Source,
  findCallable: (name: string) => Callable | undefined,
): Parsed {
  const lowering = new Lowering(source, findCallable)
  const nodes = lowering.lowerProgram(parseHandlebars(source), rootContexts)
  return { root: { name: source.name, nodes, slotCount: lowering.slotCount }, definitions: new Map() }
}

class Lowering {
  readonly #expressions: ExpressionLowering
  #depth = 0
  slotCount = 1

  constructor(source: Source, findCallable: (name: string) => Callable | undefined) {
    this.#expressions = new ExpressionLowering(source, findCallable)
  }

  lowerProgram(program: Program | undefined, contexts: Contexts): Node[] {
    return (program?.body ?? []).flatMap((statement) => this.#lowerStatement(statement, contexts))
  }

  #lowerStatement(statement: Statement, contexts: Contexts): readonly Node[] {
    switch (statement.type) {
      case 'ContentStatement':
        return this.#lowerText(statement.value, this.#expressions.posOf(statement))
      case 'CommentStatement':
        return []
      case 'MustacheStatement':
        return [this.#lowerMustache(statement, contexts)]
      case 'BlockStatement':
        return this.#lowerBlock(statement, contexts)
      default:
        throw this.#error(statement, 'partials and decorators are not offered')
    }
  }

  #error(node: Statement, detail: string): Error {
    return parseError(this.#expressions.source, this.#expressions.posOf(node), detail)
  }

  #lowerText(text: string, pos: number): Node[] {
    return text === '' ? [] : [{ kind: 'text', pos, text }]
  }

  #lowerMustache(statement: MustacheStatement, contexts: Contexts): Node {
    const { path, params, hash } = statement
    if (path.type === 'SubExpression' || params.length > 0 || hash !== undefined) {
      const call = path.type === 'SubExpression' && params.length === 0 ? path : statement
      return this.#print(statement, this.#expressions.lowerCall(call, contexts))
    }
    return this.#lowerName(statement, toPath(path), contexts)
  }

  /** `{{name}}`: data, or where there is none of that name a function without parameters. */
  #lowerName(statement: MustacheStatement, path: Path, contexts: Contexts): Node {
    const data = this.#print(statement, this.#expressions.lower(path, contexts))
    const callable = this.#findNiladic(path, contexts)
    if (callable === undefined) return data
    const call = this.#print(statement, this.#expressions.callOf(statement, callable, []))
    const pipe = this.#hasData(path, contexts)
    return { kind: 'if', pos: pipe.pos, pipe, list: [data], elseList: [call] }
  }

  #hasData(path: Path, contexts: Contexts): PipeNode {
    const pos = this.#expressions.posOf(path)
    return this.#expressions.callOf(path, hasField, [
      this.#currentContext(pos, contexts),
      stringNode(pos, path.parts[0] ?? ''),
    ])
  }

  #findNiladic(path: Path, contexts: Contexts): Callable | undefined {
    const [name = ''] = path.parts
    const isName = path.parts.length === 1 && !path.data && path.depth === 0 && !isScoped(path)
    if (!isName || contexts.blockParams.has(name)) return undefined
    const callable = this.#expressions.findFunction(name)
    return callable?.params.length === 0 ? callable : undefined
  }

  #currentContext(pos: number, contexts: Contexts): Operand {
    const [holder = { slot: 0, isEntry: false }] = contexts.stack
    return readHolder(pos, holder)
  }

  #print(statement: MustacheStatement, value: Operand): Node {
    const pipe = this.#expressions.callOf(statement, toText, [value])
    return { kind: 'action', pos: pipe.pos, pipe }
  }

  #lowerBlock(block: BlockStatement, contexts: Contexts): readonly Node[] {
    if (++this.#depth > maxNesting) throw this.#error(block, `nested more than ${maxNesting} levels deep`)
    const nodes = this.#lowerBlockInside(block, contexts)
    this.#depth--
    return nodes
  }

  #lowerBlockInside(block: BlockStatement, contexts: Contexts): readonly Node[] {
    const path = toPath(block.path)
    switch (path.original) {
      case 'if':
      case 'unless':
        return this.#lowerIf(block, path.original, contexts)
      case 'with':
        return this.#lowerWith(block, contexts)
      case 'each':
        return this.#lowerEach(block, contexts)
      default:
        return this.#lowerSection(block, path, contexts)
    }
  }

  #fails(block: BlockStatement, name: string, message: string): readonly Node[] {
    const pipe = this.#expressions.callOf(block.path, newFailing(`#${name}`, message), [])
    return [{ kind: 'action', pos: pipe.pos, pipe }]
  }

  #lowerIf(block: BlockStatement, name: 'if' | 'unless', contexts: Contexts): readonly Node[] {
    const [condition, ...others] = block.params
    if (condition === undefined || others.length > 0)
      return this.#fails(block, name, 'it takes exactly one argument')
    const args = [this.#expressions.lower(condition, contexts, true)]
    for (const pair of block.hash?.pairs ?? []) {
      if (pair.key !== 'includeZero')
        throw this.#error(block, `#${name} has no option ${JSON.stringify(pair.key)}`)
      args.push(this.#expressions.lower(pair.value, contexts))
    }
    const pipe = this.#expressions.callOf(condition, isTruthy, args)
    const list = this.lowerProgram(block.program, contexts)
    const elseList = this.lowerProgram(block.inverse, contexts)
    const branches = name === 'if' ? { list, elseList } : { list: elseList, elseList: list }
    return [{ kind: 'if', pos: pipe.pos, pipe, ...branches }]
  }

  #lowerWith(block: BlockStatement, contexts: Contexts): readonly Node[] {
    const [subject, ...others] = block.params
    if (subject === undefined || others.length > 0)
      return this.#fails(block, 'with', 'it takes exactly one argument')
    const holder: Holder = { slot: this.slotCount++, isEntry: false }
    const value = this.#expressions.lower(subject, contexts, true)
    const pos = this.#expressions.posOf(subject)
    const pipe = this.#expressions.callOf(subject, isPresent, [readSlot(pos, holder.slot, [])])
    // As in Handlebars, `with this` is not a context of its own.
    const isSame = subject.type === 'PathExpression' && subject.depth === 0 && subject.parts.length === 0
    const inner = nameBlockParams(
      isSame && !subject.data ? contexts : enterContext(contexts, holder),
      block.program?.blockParams ?? [],
      holder,
    )
    const list = this.lowerProgram(block.program, inner)
    const elseList = this.lowerProgram(block.inverse, contexts)
    return [this.#declare(subject, holder, value), { kind: 'if', pos, pipe, list, elseList }]
  }

  /** Puts a value into a slot. */
  #declare(node: Expression, holder: Holder, value: Operand): Node {
    const call = this.#expressions.callOf(node, findPath, [value])
    const declarations = [{ pos: call.pos, name: '$', slot: holder.slot }]
    return { kind: 'action', pos: call.pos, pipe: { ...call, declarations } }
  }

  #lowerEach(block: BlockStatement, contexts: Contexts): readonly Node[] {
    const [subject, ...others] = block.params
    if (subject === undefined || others.length > 0)
      return this.#fails(block, 'each', 'it takes exactly one argument')
    const value = this.#expressions.lower(subject, contexts, true)
    return [this.#loop(block, this.#expressions.callOf(subject, toEntries, [value]), contexts)]
  }

  #loop(block: BlockStatement, entries: PipeNode, contexts: Contexts): Node {
    const holder: Holder = { slot: this.slotCount++, isEntry: true }
    const inner = nameBlockParams(enterContext(contexts, holder), block.program?.blockParams ?? [], holder)
    const declarations = [{ pos: entries.pos, name: '$', slot: holder.slot }]
    const list = this.lowerProgram(block.program, inner)
    const elseList = this.lowerProgram(block.inverse, contexts)
    return { kind: 'range', pos: entries.pos, pipe: { ...entries, declarations }, list, elseList }
  }

  /** `{{#name}}`: loops over a list, enters an object, or shows its text if the value is true. */
  #lowerSection(block: BlockStatement, path: Path, contexts: Contexts): readonly Node[] {
    if (block.params.length > 0 || block.hash !== undefined) {
      return this.#fails(
        block,
        path.original,
        'there is no block of this name; use #if, #unless, #with or #each',
      )
    }
    const pos = this.#expressions.posOf(path)
    const context = this.#currentContext(pos, contexts)
    const [loop] = contexts.loops
    const around: Operand = loop === undefined ? { kind: 'nil', pos } : readSlot(pos, loop.slot, [])
    const section = (value: Operand): Node =>
      this.#loop(block, this.#expressions.callOf(path, toSection, [value, context, around]), contexts)
    const data = section(this.#expressions.lower(path, contexts))
    const callable = this.#findNiladic(path, contexts)
    if (callable === undefined) return [data]
    const pipe = this.#hasData(path, contexts)
    const call = section(this.#expressions.callOf(path, callable, []))
    return [{ kind: 'if', pos: pipe.pos, pipe, list: [data], elseList: [call] }]
  }
}

/** A literal in the place of a name is the name: `{{12}}` reads the key `12`. */
function toPath(node: MustacheStatement['path']): Path {
  if (node.type === 'PathExpression') return node
  const name = 'value' in node ? String(node.value) : nullNames[node.type]
  return { type: 'PathExpression', data: false, depth: 0, parts: [name], original: name, loc: node.loc }
}

/** What the literals without a value read as; an expression in the place of a block's name has none. */
const nullNames = { NullLiteral: 'null', UndefinedLiteral: 'undefined', SubExpression: '' } as const
