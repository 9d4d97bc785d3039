/** What the Handlebars parser yields, as far as it is read here. */

export interface Place {
  readonly line: number
  /** From 0. */
  readonly column: number
}

interface Located {
  readonly loc: { readonly start: Place; readonly end: Place }
}

export interface Path extends Located {
  readonly type: 'PathExpression'
  /** `@index` and such. */
  readonly data: boolean
  /** How many `../`. */
  readonly depth: number
  readonly parts: readonly string[]
  readonly original: string
}

export interface StringLiteral extends Located {
  readonly type: 'StringLiteral'
  readonly value: string
}

export interface NumberLiteral extends Located {
  readonly type: 'NumberLiteral'
  readonly value: number
}

export interface BooleanLiteral extends Located {
  readonly type: 'BooleanLiteral'
  readonly value: boolean
}

export interface NullLiteral extends Located {
  readonly type: 'NullLiteral' | 'UndefinedLiteral'
}

export interface SubExpression extends Located, Call {
  readonly type: 'SubExpression'
}

export type Literal = StringLiteral | NumberLiteral | BooleanLiteral | NullLiteral
export type Expression = Path | Literal | SubExpression

export interface HashPair extends Located {
  readonly key: string
  readonly value: Expression
}

export interface Call extends Located {
  readonly path: Path | Literal | SubExpression
  readonly params: readonly Expression[]
  readonly hash?: { readonly pairs: readonly HashPair[] }
}

export interface ContentStatement extends Located {
  readonly type: 'ContentStatement'
  readonly value: string
}

export interface MustacheStatement extends Located, Call {
  readonly type: 'MustacheStatement'
}

export interface BlockStatement extends Located, Call {
  readonly type: 'BlockStatement'
  /** Missing in `{{^x}}…{{/x}}`. */
  readonly program?: Program
  readonly inverse?: Program
}

export interface CommentStatement extends Located {
  readonly type: 'CommentStatement'
}

export interface UnsupportedStatement extends Located {
  readonly type: 'PartialStatement' | 'PartialBlockStatement' | 'Decorator' | 'DecoratorBlock'
}

export type Statement =
  ContentStatement | MustacheStatement | BlockStatement | CommentStatement | UnsupportedStatement

export interface Program {
  readonly body: readonly Statement[]
  readonly blockParams?: readonly string[]
}
