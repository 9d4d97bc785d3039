import type { Body, Node, Operand, PipeNode } from './ast.ts'
import type { Parsed } from './parser.ts'

/** What is known about a template without executing it. */
export interface TemplateFacts {
  /** Names that `{{define}}` and `{{block}}` define. */
  readonly definedNames: readonly string[]
  /** Names that `{{template}}` and `{{block}}` execute. */
  readonly calledTemplates: readonly string[]
  /** Text only: it renders to itself. */
  readonly isLiteral: boolean
  /** What it renders to, if it is literal (a comment leaves no trace). */
  readonly literalText: string | undefined
  /** Functions it calls whose result differs from call to call. */
  readonly usesChanging: readonly string[]
  /** Whether it calls a function that changes one of its arguments. */
  readonly usesMutating: boolean
}

export function collectFacts({ root, definitions }: Parsed): TemplateFacts {
  const collector = new Collector()
  for (const body of [root, ...definitions.values()]) collector.visitBody(body)
  const isLiteral = definitions.size === 0 && root.nodes.every((node) => node.kind === 'text')
  const text = root.nodes.map((node) => (node.kind === 'text' ? node.text : '')).join('')
  return {
    definedNames: [...definitions.keys()],
    calledTemplates: [...collector.called],
    isLiteral,
    literalText: isLiteral ? text : undefined,
    usesChanging: [...collector.changing],
    usesMutating: collector.mutates,
  }
}

class Collector {
  readonly called = new Set<string>()
  readonly changing = new Set<string>()
  mutates = false

  visitBody(body: Body): void {
    for (const node of body.nodes) this.#visitNode(node)
  }

  #visitNode(node: Node): void {
    if (node.kind === 'template') this.called.add(node.name)
    if ('pipe' in node && node.pipe !== undefined) this.#visitPipe(node.pipe)
    if (!('list' in node)) return
    for (const child of node.list) this.#visitNode(child)
    for (const child of node.elseList) this.#visitNode(child)
  }

  #visitPipe(pipe: PipeNode): void {
    for (const command of pipe.commands) {
      for (const operand of command.args) this.#visitOperand(operand)
    }
  }

  #visitOperand(operand: Operand): void {
    if (operand.kind === 'pipe') this.#visitPipe(operand)
    else if (operand.kind === 'chain') this.#visitOperand(operand.operand)
    else if (operand.kind === 'identifier') {
      const { name, changing, mutates } = operand.callable
      if (changing === true) this.changing.add(name)
      this.mutates ||= mutates === true
    }
  }
}
