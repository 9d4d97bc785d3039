const placeholders = '\ufdd0\ufdd1\ufdd2'
const originals = '\n\t\r'

interface EscapedLeaf {
  readonly source: string
  readonly restore: (rendered: string) => string
}

/**
 * A double-quoted leaf holds line breaks and tabs as escapes, which trim markers (`{{-`) leave alone. So for such a
 * leaf they are replaced by characters that Unicode reserves, and put back after rendering.
 */
export function escapeForTrim(text: string): EscapedLeaf {
  const isTrimmed = /[\n\t\r]/.test(text) && /-/.test(text)
  if (!isTrimmed || /[\ufdd0-\ufdd2]/.test(text)) return { source: text, restore: (rendered) => rendered }
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
