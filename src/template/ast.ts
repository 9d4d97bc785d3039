import type { Helper } from '../../helpers/define.ts'
import type { Value } from '../../helpers/go/value.ts'

/** What a template calls: a helper of the table, a builtin, or an internal function of the Handlebars front end. */
export interface Callable extends Pick<Helper, 'name' | 'params' | 'rest' | 'changing' | 'mutates' | 'call'> {
  /** `and` and `or` stop at the first false, or true, argument. */
  readonly shortCircuit?: 'and' | 'or'
}

/** `pos` is the offset in the source that errors point to. */
interface Positioned {
  readonly pos: number
}

export interface TextNode extends Positioned {
  readonly kind: 'text'
  readonly text: string
}

export interface ActionNode extends Positioned {
  readonly kind: 'action'
  readonly pipe: PipeNode
}

export interface BranchNode extends Positioned {
  readonly kind: 'if' | 'with'
  readonly pipe: PipeNode
  readonly list: readonly Node[]
  readonly elseList: readonly Node[]
}

export interface RangeNode extends Positioned {
  readonly kind: 'range'
  readonly pipe: PipeNode
  readonly list: readonly Node[]
  readonly elseList: readonly Node[]
}

export interface TemplateNode extends Positioned {
  readonly kind: 'template'
  readonly name: string
  readonly pipe: PipeNode | undefined
}

export interface JumpNode extends Positioned {
  readonly kind: 'break' | 'continue'
}

export type Node = TextNode | ActionNode | BranchNode | RangeNode | TemplateNode | JumpNode

export interface PipeNode extends Positioned {
  readonly kind: 'pipe'
  readonly declarations: readonly Declaration[]
  /** `=` rather than `:=`. */
  readonly isAssign: boolean
  readonly commands: readonly CommandNode[]
}

/** A variable that a pipeline sets. `slot` is undefined where an assignment names none that exists. */
export interface Declaration extends Positioned {
  readonly name: string
  readonly slot: number | undefined
}

export interface CommandNode extends Positioned {
  readonly kind: 'command'
  /** The first is the operand or function, the others its arguments. */
  readonly args: readonly Operand[]
  /** As written, where that is not Go's syntax. */
  readonly original?: string
}

export interface FieldNode extends Positioned {
  readonly kind: 'field'
  readonly names: readonly string[]
}

export interface VariableNode extends Positioned {
  readonly kind: 'variable'
  /** With its `$`. */
  readonly name: string
  /** Undefined where it is declared by the very pipeline that reads it. */
  readonly slot: number | undefined
  readonly names: readonly string[]
}

export interface ChainNode extends Positioned {
  readonly kind: 'chain'
  readonly operand: Operand
  readonly names: readonly string[]
}

export interface IdentifierNode extends Positioned {
  readonly kind: 'identifier'
  readonly callable: Callable
}

export interface DotNode extends Positioned {
  readonly kind: 'dot'
}

export interface NilNode extends Positioned {
  readonly kind: 'nil'
}

export interface BoolNode extends Positioned {
  readonly kind: 'bool'
  readonly value: boolean
}

export interface StringNode extends Positioned {
  readonly kind: 'string'
  /** As written, with quotes. */
  readonly quoted: string
  readonly value: string
}

/** A constant: each reading of it that the number allows. */
export interface NumberNode extends Positioned {
  readonly kind: 'number'
  readonly text: string
  readonly int: bigint | undefined
  readonly float: number | undefined
  /** The value where no type is asked for; undefined where it overflows int. */
  readonly ideal: Value | undefined
}

export type LiteralNode = BoolNode | StringNode | NumberNode | NilNode
export type Operand = FieldNode | VariableNode | ChainNode | IdentifierNode | DotNode | LiteralNode | PipeNode

/** A template or definition: its nodes, and how many variables it has. Slot 0 is `$`. */
export interface Body {
  readonly name: string
  readonly nodes: readonly Node[]
  readonly slotCount: number
}
