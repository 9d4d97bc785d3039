import { print } from '../../helpers/go/print.ts'
import { isTrue } from '../../helpers/go/truth.ts'
import type { Value } from '../../helpers/go/value.ts'
import type { ActionNode, Body, BranchNode, Node, TemplateNode, TextNode } from './ast.ts'
import { compilePipe } from './expression.ts'
import type { BodyContext } from './expression.ts'
import { pipeText } from './node-text.ts'
import type { Parsed } from './parser.ts'
import type { Source } from './position.ts'
import { compileRange } from './range.ts'
import { Site } from './site.ts'
import type { CompiledBody, Eval, Exec } from './state.ts'

interface Compilation extends BodyContext {
  /** All templates that `{{template}}` can name; being filled while the first ones are compiled. */
  readonly bodies: ReadonlyMap<string, CompiledBody>
}

/** Turns the parsed template into closures. Returns the root. */
export function compile(source: Source, parsed: Parsed): CompiledBody {
  const bodies = new Map<string, CompiledBody>()
  const root = compileBody(source, parsed.root, bodies)
  bodies.set(source.name, root)
  for (const [name, body] of parsed.definitions) bodies.set(name, compileBody(source, body, bodies))
  return root
}

function compileBody(source: Source, body: Body, bodies: ReadonlyMap<string, CompiledBody>): CompiledBody {
  const compilation: Compilation = { source, name: body.name, bodies }
  return { name: body.name, slotCount: body.slotCount, exec: compileList(compilation, body.nodes) }
}

function compileList(compilation: Compilation, nodes: readonly Node[]): Exec {
  const execs = nodes.map((node) => compileNode(compilation, node))
  const [first, second] = execs
  if (first === undefined) return () => 0
  if (second === undefined) return first
  return (state, dot) => {
    for (const exec of execs) {
      const signal = exec(state, dot)
      if (signal !== 0) return signal
    }
    return 0
  }
}

function compileNode(compilation: Compilation, node: Node): Exec {
  switch (node.kind) {
    case 'text':
      return compileText(compilation, node)
    case 'action':
      return compileAction(compilation, node)
    case 'if':
    case 'with':
      return compileBranch(compilation, node)
    case 'range':
      return compileRange(compilation, node, {
        list: compileList(compilation, node.list),
        elseList: compileList(compilation, node.elseList),
      })
    case 'template':
      return compileTemplate(compilation, node)
    case 'break':
      return () => 1
    case 'continue':
      return () => 2
  }
}

function compileText(compilation: Compilation, { pos, text }: TextNode): Exec {
  const site = new Site(compilation, pos, () => text.slice(0, 20))
  return (state) => {
    state.write(text, site)
    return 0
  }
}

/** How an action prints: as %v, nil as `<no value>`. */
function actionText(value: Value): string {
  if (typeof value === 'string') return value
  return value === null ? '<no value>' : print(value)
}

function compileAction(compilation: Compilation, { pos, pipe }: ActionNode): Exec {
  const site = new Site(compilation, pos, () => pipeText(pipe))
  const value = compilePipe(compilation, pipe)
  if (pipe.declarations.length > 0) {
    return (state, dot) => {
      state.step(site)
      value(state, dot)
      return 0
    }
  }
  return (state, dot) => {
    state.step(site)
    const result = value(state, dot)
    state.write(typeof result === 'string' ? result : printAt(result, site), site)
    return 0
  }
}

function printAt(value: Value, site: Site): string {
  try {
    return actionText(value)
  } catch (error) {
    throw site.fail(error instanceof Error ? error.message : String(error), error)
  }
}

function compileBranch(compilation: Compilation, node: BranchNode): Exec {
  const site = new Site(compilation, node.pos, () => pipeText(node.pipe))
  const condition = compilePipe(compilation, node.pipe)
  const list = compileList(compilation, node.list)
  const elseList = compileList(compilation, node.elseList)
  const changesDot = node.kind === 'with'
  return (state, dot) => {
    state.step(site)
    const value = condition(state, dot)
    if (!isTrue(value)) return elseList(state, dot)
    return list(state, changesDot ? value : dot)
  }
}

function compileTemplate(compilation: Compilation, { pos, name, pipe }: TemplateNode): Exec {
  const argumentText = pipe === undefined ? '' : ` ${pipeText(pipe)}`
  const site = new Site(compilation, pos, () => `{{template ${JSON.stringify(name)}${argumentText}}}`)
  const argument: Eval = pipe === undefined ? () => null : compilePipe(compilation, pipe)
  const { bodies } = compilation
  return (state, dot) => {
    state.step(site)
    const body = bodies.get(name)
    if (body === undefined) throw site.fail(`template ${JSON.stringify(name)} not defined`)
    const value = argument(state, dot)
    const outer = state.slots
    state.enterTemplate(site)
    state.slots = newSlots(body, value)
    body.exec(state, value)
    state.slots = outer
    state.depth--
    return 0
  }
}

/** Fresh variables: a template sees none of its caller's. */
export function newSlots(body: CompiledBody, dot: Value): Value[] {
  const slots: Value[] = [dot]
  slots.length = body.slotCount
  return slots
}
