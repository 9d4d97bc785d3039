import type { Callable, CommandNode, Operand, PipeNode, StringNode } from '../ast.ts'
import { parseError } from '../errors.ts'
import { maxNesting } from '../limits.ts'
import type { Source } from '../position.ts'
import { readHolder, readSlot } from './contexts.ts'
import type { Contexts } from './contexts.ts'
import { offsetOf } from './load.ts'
import type { Call, Expression, HashPair, Literal, Path } from './syntax.ts'
import { findPath, lookup, newFailing, readPath } from './values.ts'

/** Functions whose arguments may be paths that do not exist. */
const forgiving: ReadonlySet<string> = new Set(['lookup', 'default'])
const loopFields: ReadonlySet<string> = new Set(['index', 'key', 'first', 'last'])

/** Lowers expressions: paths, literals, calls. */
export class ExpressionLowering {
  readonly source: Source
  readonly #findCallable: (name: string) => Callable | undefined
  #depth = 0

  constructor(source: Source, findCallable: (name: string) => Callable | undefined) {
    this.source = source
    this.#findCallable = findCallable
  }

  posOf(node: { readonly loc: Path['loc'] }): number {
    return offsetOf(this.source.text, node.loc.start)
  }

  textOf(node: { readonly loc: Path['loc'] }): string {
    return this.source.text.slice(this.posOf(node), offsetOf(this.source.text, node.loc.end))
  }

  findFunction(name: string): Callable | undefined {
    return name === 'lookup' ? lookup : this.#findCallable(name)
  }

  /** `isForgiving`: a path that does not exist is null, not an error. */
  lower(node: Expression, contexts: Contexts, isForgiving = false): Operand {
    switch (node.type) {
      case 'PathExpression':
        return this.#lowerPath(node, contexts, isForgiving)
      case 'SubExpression':
        return this.lowerCall(node, contexts)
      default:
        return this.#lowerLiteral(node)
    }
  }

  /** `name arg … key=arg`. */
  lowerCall(call: Call, contexts: Contexts): PipeNode {
    if (++this.#depth > maxNesting) {
      throw parseError(this.source, this.posOf(call), `nested more than ${maxNesting} levels deep`)
    }
    const pipe = this.#lowerCallInside(call, contexts)
    this.#depth--
    return pipe
  }

  #lowerCallInside(call: Call, contexts: Contexts): PipeNode {
    const name = functionName(call.path)
    const callable = name === undefined ? undefined : this.findFunction(name)
    if (callable === undefined) return this.#fails(call, name ?? this.textOf(call.path))
    const isForgiving = forgiving.has(callable.name)
    const args = call.params.map((param) => this.lower(param, contexts, isForgiving))
    const pairs = call.hash?.pairs ?? []
    const named = pairs.length === 0 ? [] : this.#namedArguments(callable, args.length, pairs)
    for (const pair of named) args.push(this.lower(pair.value, contexts, isForgiving))
    return this.callOf(call, callable, args)
  }

  /** Named arguments stand for the parameters that the others leave, in the function's order. */
  #namedArguments(callable: Callable, given: number, pairs: readonly HashPair[]): readonly HashPair[] {
    const left = callable.params.slice(given).map((param) => param.name)
    for (const pair of pairs) {
      if (left.includes(pair.key)) continue
      const known = left.length === 0 ? 'none' : left.join(', ')
      const detail = `${callable.name} has no option ${JSON.stringify(pair.key)} left; it takes: ${known}`
      throw parseError(this.source, this.posOf(pair), detail)
    }
    return left.flatMap((name) => pairs.filter((pair) => pair.key === name))
  }

  #fails(call: Call, name: string): PipeNode {
    return this.callOf(call, newFailing(name, 'there is no function of this name'), [])
  }

  /** A call as an operand. `node` is what errors show. */
  callOf(node: { readonly loc: Path['loc'] }, callable: Callable, args: readonly Operand[]): PipeNode {
    const pos = this.posOf(node)
    const original = this.textOf(node)
    const command: CommandNode = {
      kind: 'command',
      pos,
      args: [{ kind: 'identifier', pos, callable }, ...args],
      original,
    }
    return { kind: 'pipe', pos, declarations: [], isAssign: false, commands: [command] }
  }

  #lowerPath(path: Path, contexts: Contexts, isForgiving: boolean): Operand {
    if (path.data) return this.#lowerData(path, contexts, isForgiving)
    const pos = this.posOf(path)
    const [first = '', ...rest] = path.parts
    const param = isScoped(path) ? undefined : contexts.blockParams.get(first)
    if (param !== undefined) {
      return this.#fieldsOf(path, readSlot(pos, param.slot, param.names), { parts: rest, isForgiving })
    }
    const holder = contexts.stack[path.depth]
    const start: Operand = holder === undefined ? { kind: 'nil', pos } : readHolder(pos, holder)
    if (holder === undefined && !isForgiving) return this.#missing(path, 'there is no parent context')
    return this.#fieldsOf(path, start, { parts: path.parts, isForgiving })
  }

  #missing(path: Path, message: string): PipeNode {
    return this.callOf(path, newFailing('path', message), [])
  }

  /** `@root`, `@index`, `@../key` … */
  #lowerData(path: Path, contexts: Contexts, isForgiving: boolean): Operand {
    const pos = this.posOf(path)
    const [name = '', ...rest] = path.parts
    if (name === 'root') return this.#fieldsOf(path, readSlot(pos, 0, []), { parts: rest, isForgiving })
    const loop = contexts.loops[path.depth]
    if (loop !== undefined && loopFields.has(name)) {
      return this.#fieldsOf(path, readSlot(pos, loop.slot, []), { parts: path.parts, isForgiving })
    }
    return isForgiving ? { kind: 'nil', pos } : this.#missing(path, `there is no @${name} here`)
  }

  #fieldsOf(
    path: Path,
    start: Operand,
    { parts, isForgiving }: { parts: readonly string[]; isForgiving: boolean },
  ): Operand {
    if (parts.length === 0) return start
    const names = parts.map((part) => stringNode(start.pos, part))
    return this.callOf(path, isForgiving ? findPath : readPath, [start, ...names])
  }

  #lowerLiteral(node: Literal): Operand {
    const pos = this.posOf(node)
    switch (node.type) {
      case 'StringLiteral':
        return stringNode(pos, node.value)
      case 'NumberLiteral':
        return numberNode(pos, node.value)
      case 'BooleanLiteral':
        return { kind: 'bool', pos, value: node.value }
      default:
        return { kind: 'nil', pos }
    }
  }
}

export function stringNode(pos: number, value: string): StringNode {
  return { kind: 'string', pos, quoted: JSON.stringify(value), value }
}

/** A whole number is an integer, as in Go. */
function numberNode(pos: number, value: number): Operand {
  const int = Number.isSafeInteger(value) ? BigInt(value) : undefined
  return { kind: 'number', pos, text: String(value), int, float: value, ideal: int ?? value }
}

/** The name that a call's path is, if it can be a function's. */
function functionName(path: Call['path']): string | undefined {
  if (path.type !== 'PathExpression' || path.data || path.depth > 0 || isScoped(path)) return undefined
  return path.parts.length === 1 ? path.parts[0] : undefined
}

/** `this.x`, `./x`, `../x`: explicitly data. */
export function isScoped(path: Path): boolean {
  return /^(\.|this\b)/.test(path.original)
}
