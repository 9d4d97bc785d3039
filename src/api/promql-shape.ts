const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
/** Comments, whole quoted texts, and every other character that is not white space. */
const TOKEN = /#[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|\S/g

/**
 * What is visibly wrong with a PromQL text, or undefined: nothing in it, an open quote, brackets that do not pair.
 * Everything else is for the server to say.
 */
export function findPromqlProblem(text: string): string | undefined {
  const tokens = [...text.matchAll(TOKEN)].filter(([token]) => !token.startsWith('#'))
  if (tokens.length === 0) return 'PromQL: the query is empty'
  const open: string[] = []
  for (const { 0: token, index } of tokens) {
    if (/^["'`]$/.test(token)) return `PromQL: the quote at character ${index + 1} is not closed`
    const closing = Object.hasOwn(CLOSING, token) ? CLOSING[token] : undefined
    if (closing !== undefined) open.push(closing)
    else if (/^[)\]}]$/.test(token) && open.pop() !== token) {
      return `PromQL: the ${token} at character ${index + 1} closes nothing`
    }
  }
  return open.length === 0 ? undefined : `PromQL: ${open.at(-1)} is missing at the end`
}
