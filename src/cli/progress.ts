import type { CliContext } from './context.ts'

const QUIET_MS = 1_000

/** Shows on a terminal what takes more than a second. The returned function clears it. */
export function startProgress(what: string, context: CliContext): () => void {
  if (!context.isTerminal) return () => {}
  let isShown = false
  const timer = setTimeout(() => {
    isShown = true
    context.err(`${what} …`)
  }, QUIET_MS)
  return () => {
    clearTimeout(timer)
    if (isShown) context.err('\r\u001b[K')
  }
}
