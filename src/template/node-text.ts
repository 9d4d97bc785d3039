import type { CommandNode, Operand, PipeNode } from './ast.ts'

/** An operand as text, as Go writes it in messages. */
export function operandText(node: Operand): string {
  switch (node.kind) {
    case 'field':
      return namesText(node.names)
    case 'variable':
      return node.name + namesText(node.names)
    case 'chain':
      return chainText(node.operand) + namesText(node.names)
    case 'identifier':
      return node.callable.name
    case 'pipe':
      return pipeText(node)
    case 'dot':
      return '.'
    default:
      return literalText(node)
  }
}

function namesText(names: readonly string[]): string {
  return names.map((name) => `.${name}`).join('')
}

function chainText(operand: Operand): string {
  return operand.kind === 'pipe' ? `(${pipeText(operand)})` : operandText(operand)
}

function literalText(node: Extract<Operand, { kind: 'bool' | 'nil' | 'string' | 'number' }>): string {
  switch (node.kind) {
    case 'bool':
      return String(node.value)
    case 'nil':
      return 'nil'
    case 'string':
      return node.quoted
    case 'number':
      return node.text
  }
}

export function commandText(node: CommandNode): string {
  if (node.original !== undefined) return node.original
  return node.args.map((arg) => (arg.kind === 'pipe' ? `(${pipeText(arg)})` : operandText(arg))).join(' ')
}

export function pipeText(node: PipeNode): string {
  const names = node.declarations.map((declaration) => declaration.name).join(', ')
  const declarations = names === '' ? '' : `${names} ${node.isAssign ? '=' : ':='} `
  return declarations + node.commands.map(commandText).join(' | ')
}
