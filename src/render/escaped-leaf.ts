const placeholders = '\ufdd0\ufdd1\ufdd2'
const originals = '\n\t\r'

interface EscapedLeaf {
  readonly source: string
  readonly restore: (rendered: string) => string
}

/**
 * A double-quoted leaf holds line breaks and tabs as escapes, which trim markers (`{{-`) leave alone. So for such a
 * leaf they are replaced by characters that Unicode reserves, and put back after rendering. Undefined where nothing can be trimmed.
 */
export function escapeForTrim(text: string): EscapedLeaf | undefined {
  const isTrimmed = /[\n\t\r]/.test(text) && text.includes('-')
  if (!isTrimmed || /[\ufdd0-\ufdd2]/.test(text)) return undefined
  return {
    source: swap(text, originals, placeholders),
    restore: (rendered) => swap(rendered, placeholders, originals),
  }
}

function swap(text: string, from: string, to: string): string {
  return text.replace(/[\n\t\r\ufdd0-\ufdd2]/g, (char) => {
    const index = from.indexOf(char)
    return index < 0 ? char : to.charAt(index)
  })
}
