import { makeRequirement, type Requirement, type Selector, SelectorError, sortByKey } from './selector.ts'

const TOKEN = /[ \t\r\n]*(==|!=|[=!(),<>]|[^ \t\r\n=!(),<>]+|$)/y
const COMPARISONS = ['=', '==', '!=', '>', '<'] as const
const SYMBOLS: ReadonlySet<string> = new Set([...COMPARISONS, '!', '(', ')', ',', ''])

/** Reads the text form of a selector, such as `app=web,env in (dev,prod),!legacy`. Throws SelectorError. */
export function parseSelector(text: string): Selector {
  return new SelectorParser(text).parse()
}

/** Words like `in` are operators only in an operator's place. The token at the end of the text is empty. */
class SelectorParser {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(text: string) {
    const tokens: string[] = []
    TOKEN.lastIndex = 0
    let token: string | undefined
    do {
      token = TOKEN.exec(text)?.[1] ?? ''
      tokens.push(token)
    } while (token !== '')
    this.#tokens = tokens
  }

  parse(): Selector {
    const requirements: Requirement[] = []
    if (this.#peek() === '') return requirements
    do {
      requirements.push(this.#parseRequirement())
    } while (this.#take(','))
    if (this.#peek() !== '') throw this.#expected("',' or the end")
    return sortByKey(requirements)
  }

  #parseRequirement(): Requirement {
    const isAbsent = this.#take('!')
    const key = this.#parseWord('a label key')
    if (isAbsent) return makeRequirement(key, '!', [])
    if (this.#peek() === '' || this.#peek() === ',') return makeRequirement(key, 'exists', [])
    const comparison = COMPARISONS.find((operator) => this.#take(operator))
    if (comparison !== undefined) return makeRequirement(key, comparison, [this.#parseSingleValue()])
    const membership = (['in', 'notin'] as const).find((operator) => this.#take(operator))
    if (membership === undefined) throw this.#expected('an operator (=, ==, !=, in, notin, > or <)')
    return makeRequirement(key, membership, this.#parseValues())
  }

  /** An empty value needs no quotes: `app=`. */
  #parseSingleValue(): string {
    return this.#peek() === '' || this.#peek() === ',' ? '' : this.#parseWord('a value')
  }

  /** `(a,b)`; between two commas, or where nothing stands, is the empty value. */
  #parseValues(): string[] {
    if (!this.#take('(')) throw this.#expected("'('")
    const values = new Set<string>()
    do {
      values.add(this.#peek() === ',' || this.#peek() === ')' ? '' : this.#parseWord('a value'))
    } while (this.#take(','))
    if (!this.#take(')')) throw this.#expected("',' or ')'")
    return [...values]
  }

  #parseWord(what: string): string {
    const word = this.#peek()
    if (SYMBOLS.has(word)) throw this.#expected(what)
    this.#at++
    return word
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? ''
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#at++
    return true
  }

  #expected(what: string): SelectorError {
    const found = this.#peek() === '' ? 'the end' : `'${this.#peek()}'`
    return new SelectorError(`found ${found} in the label selector, expected ${what}`)
  }
}
