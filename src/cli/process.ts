import { processEnvironment } from '../config.ts'
import type { CliContext } from './context.ts'
import { main } from './main.ts'

const MAX_STDIN_BYTES = 64 * 1_048_576

/** Runs the command line of this process and sets its exit code. */
export async function runProcess(args: readonly string[]): Promise<void> {
  const stop = new AbortController()
  // Only the controller has something to end in order; any other command just ends.
  if (args[0] === 'controller') {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  }
  process.stdout.on('error', endOnBrokenPipe)
  const context: CliContext = {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    readStdin,
    isTerminal: process.stderr.isTTY,
    env: processEnvironment(),
    signal: stop.signal,
  }
  const code = await main(args, context)
  process.exitCode = code
  // Idle keep-alive connections would hold the process for seconds; what was written must still reach its reader.
  process.stdout.write('', () => process.exit(code))
}

/** The reader has gone (`| head`): that is its right. */
function endOnBrokenPipe(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? 0 : 3)
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  let leftBytes = MAX_STDIN_BYTES
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    leftBytes -= chunk.length
    if (leftBytes < 0) throw new Error(`standard input has more than ${MAX_STDIN_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
