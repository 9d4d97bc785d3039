import type { Param, ParamType } from '../../helpers/define.ts'
import { isTrue } from '../../helpers/go/truth.ts'
import type { Value } from '../../helpers/go/value.ts'
import { checkIdeal, checkLiteral, convertArgument, explainMismatch } from './arguments.ts'
import type { Callable, CommandNode, LiteralNode, Operand, PipeNode, VariableNode } from './ast.ts'
import { callFunction } from './call.ts'
import { compileFields, compileMethodCall } from './fields.ts'
import { commandText, operandText, pipeText } from './node-text.ts'
import type { Source } from './position.ts'
import { Site } from './site.ts'
import type { Eval } from './state.ts'

/** The template or definition that is being compiled. */
export interface BodyContext {
  readonly source: Source
  readonly name: string
}

function siteOf(body: BodyContext, node: Operand): Site {
  return new Site(body, node.pos, () => operandText(node))
}

/** A pipeline's value; each command gets the value of the one before as its last argument. Sets its variables. */
export function compilePipe(body: BodyContext, pipe: PipeNode): Eval {
  let value: Eval | undefined
  for (const command of pipe.commands) value = compileCommand(body, command, value)
  if (value === undefined) throw new RangeError('a pipeline has a command')
  return pipe.declarations.length === 0 ? value : compileDeclarations(body, pipe, value)
}

function compileDeclarations(body: BodyContext, pipe: PipeNode, value: Eval): Eval {
  const site = new Site(body, pipe.pos, () => pipeText(pipe))
  const unknown = pipe.declarations.find((declaration) => declaration.slot === undefined)
  const slots = pipe.declarations.map((declaration) => declaration.slot ?? 0)
  const [first = 0] = slots
  if (unknown !== undefined) {
    return (state, dot) => {
      value(state, dot)
      throw site.fail(`undefined variable: ${unknown.name}`)
    }
  }
  return (state, dot) => {
    const result = value(state, dot)
    state.slots[first] = result
    for (const slot of slots) state.slots[slot] = result
    return result
  }
}

function compileCommand(body: BodyContext, command: CommandNode, final: Eval | undefined): Eval {
  const [first, ...args] = command.args
  if (first === undefined) throw new RangeError('a command has an operand')
  if (first.kind === 'identifier') {
    const site = new Site(body, command.pos, () => commandText(command))
    return compileCall(body, { callable: first.callable, args, final, site, nameSite: siteOf(body, first) })
  }
  if (args.length === 0 && final === undefined) return compileOperand(body, first, true)
  return compileWithArguments(body, first, args, final)
}

/** An operand that is no function but has arguments: a method, or a mistake. */
function compileWithArguments(
  body: BodyContext,
  first: Operand,
  args: readonly Operand[],
  final: Eval | undefined,
): Eval {
  const site = siteOf(body, first)
  const owner = findOwner(body, first)
  if (owner === undefined || !('names' in first)) {
    return failing(final, site, `can't give argument to non-function ${operandText(first)}`)
  }
  const evals = args.map((arg) => compileArgument(body, arg, 'any'))
  return compileMethodCall(owner, first.names, { args: evals, final }, site)
}

/** What the fields of an operand are read from; undefined where it has none. */
function findOwner(body: BodyContext, node: Operand): Eval | undefined {
  switch (node.kind) {
    case 'field':
      return readDot
    case 'variable':
      return node.names.length === 0 ? undefined : compileVariable(body, node)
    case 'chain':
      return compileOperand(body, node.operand, false)
    default:
      return undefined
  }
}

/** Fails, after the commands before have been executed. */
function failing(final: Eval | undefined, site: Site, mistake: string): Eval {
  return (state, dot) => {
    final?.(state, dot)
    throw site.fail(mistake)
  }
}

const readDot: Eval = (_state, dot) => dot

/** `isCommand`: the operand stands alone in a pipeline, where nil is not allowed. */
function compileOperand(body: BodyContext, node: Operand, isCommand: boolean): Eval {
  switch (node.kind) {
    case 'dot':
      return readDot
    case 'field':
      return compileFields(readDot, node.names, siteOf(body, node))
    case 'variable':
      return compileFields(compileVariable(body, node), node.names, siteOf(body, node))
    case 'chain':
      return compileChain(body, node)
    case 'pipe':
      return compilePipe(body, node)
    case 'identifier':
      return compileNiladic(body, node)
    default:
      return compileLiteral(body, node, isCommand)
  }
}

function compileChain(body: BodyContext, node: Extract<Operand, { kind: 'chain' }>): Eval {
  return compileFields(compileOperand(body, node.operand, false), node.names, siteOf(body, node))
}

function compileNiladic(body: BodyContext, node: Extract<Operand, { kind: 'identifier' }>): Eval {
  const site = siteOf(body, node)
  return compileCall(body, { callable: node.callable, args: [], final: undefined, site, nameSite: site })
}

function compileVariable(body: BodyContext, node: VariableNode): Eval {
  const { slot, name } = node
  const site = new Site(body, node.pos, () => operandText(node))
  return (state) => {
    const value = slot === undefined ? undefined : state.slots[slot]
    if (value === undefined) throw site.fail(`undefined variable: ${name}`)
    return value
  }
}

function compileLiteral(body: BodyContext, node: LiteralNode, isCommand: boolean): Eval {
  if (node.kind === 'nil' && !isCommand) return () => null
  const checked = node.kind === 'nil' ? { mistake: 'nil is not a command' } : checkIdeal(node)
  return constant(checked, siteOf(body, node))
}

function constant(checked: ReturnType<typeof checkLiteral>, site: Site): Eval {
  if ('mistake' in checked) {
    return () => {
      throw site.fail(checked.mistake)
    }
  }
  const { value } = checked
  return () => value
}

interface Call {
  readonly callable: Callable
  readonly args: readonly Operand[]
  /** The value piped in, as a last argument. */
  readonly final: Eval | undefined
  /** The call, where the function's own failures are reported. */
  readonly site: Site
  /** The function's name, where a wrong number of arguments is reported. */
  readonly nameSite: Site
}

function compileCall(body: BodyContext, call: Call): Eval {
  const { callable, final, site } = call
  const mistake = explainCount(callable, call.args.length, final !== undefined)
  if (mistake !== undefined) return failing(final, call.nameSite, mistake)
  const args = call.args.map((arg, index) => compileArgument(body, arg, paramAt(callable, index)))
  if (callable.shortCircuit !== undefined)
    return compileShortCircuit(callable.shortCircuit === 'or', args, final)
  if (final === undefined) return compileFunction(callable, args, site)
  return compilePiped(callable, args, final, site)
}

function explainCount({ name, params, rest }: Callable, given: number, isPiped: boolean): string | undefined {
  const count = given + (isPiped ? 1 : 0)
  if (rest === undefined) {
    return count === params.length
      ? undefined
      : `wrong number of args for ${name}: want ${params.length} got ${count}`
  }
  if (count >= params.length) return undefined
  return `wrong number of args for ${name}: want at least ${params.length} got ${given}`
}

function paramAt({ params, rest }: Callable, index: number): ParamType {
  const param: Param | undefined = params[index] ?? rest
  return param?.type ?? 'any'
}

/** An argument, converted to the parameter's type. */
function compileArgument(body: BodyContext, node: Operand, type: ParamType): Eval {
  const site = siteOf(body, node)
  if (node.kind === 'bool' || node.kind === 'nil' || node.kind === 'number' || node.kind === 'string') {
    return constant(checkLiteral(node, type), site)
  }
  const value = compileOperand(body, node, false)
  if (type === 'any') return value
  const isPlain = node.kind === 'pipe' || (node.kind === 'variable' && node.names.length === 0)
  const check: Check = { type, isInterface: !isPlain, site }
  return (state, dot) => checkArgument(value(state, dot), check)
}

interface Check {
  readonly type: ParamType
  readonly isInterface: boolean
  readonly site: Site
}

function checkArgument(value: Value, { type, isInterface, site }: Check): Value {
  const converted = convertArgument(value, type, isInterface)
  if (converted === undefined) throw site.fail(explainMismatch(value, type, isInterface))
  return converted
}

function compileFunction(callable: Callable, args: readonly Eval[], site: Site): Eval {
  const [first = readDot, second = readDot] = args
  switch (args.length) {
    case 0:
      return (state) => callFunction(callable, [], state, site)
    case 1:
      return (state, dot) => callFunction(callable, [first(state, dot)], state, site)
    case 2:
      return (state, dot) => callFunction(callable, [first(state, dot), second(state, dot)], state, site)
    default:
      return (state, dot) => {
        const values: Value[] = []
        for (const arg of args) values.push(arg(state, dot))
        return callFunction(callable, values, state, site)
      }
  }
}

/** The piped value is evaluated before the arguments, and checked after them. */
function compilePiped(callable: Callable, args: readonly Eval[], final: Eval, site: Site): Eval {
  const type = paramAt(callable, args.length)
  const convert =
    type === 'any' ? identity : (value: Value) => checkArgument(value, { type, isInterface: false, site })
  const [first] = args
  if (first === undefined) {
    return (state, dot) => callFunction(callable, [convert(final(state, dot))], state, site)
  }
  return (state, dot) => {
    const piped = final(state, dot)
    const values: Value[] = []
    for (const arg of args) values.push(arg(state, dot))
    values.push(convert(piped))
    return callFunction(callable, values, state, site)
  }
}

function identity(value: Value): Value {
  return value
}

/** `or` ends at the first true argument, `and` at the first false one; the value is that argument, or the last. */
function compileShortCircuit(endsWhen: boolean, args: readonly Eval[], final: Eval | undefined): Eval {
  return (state, dot) => {
    const piped = final?.(state, dot)
    let value: Value = null
    for (const arg of args) {
      value = arg(state, dot)
      if (isTrue(value) === endsWhen) return value
    }
    return piped ?? (final === undefined ? value : null)
  }
}
