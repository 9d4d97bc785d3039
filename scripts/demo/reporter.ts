/** Prints the demo's steps with the time that has passed. */
export class Reporter {
  private readonly write: (text: string) => void
  private readonly startMs = performance.now()
  private steps = 0

  constructor(write: (text: string) => void) {
    this.write = write
  }

  title(text: string): void {
    this.write(`${text}\n`)
  }

  step(text: string): void {
    const seconds = ((performance.now() - this.startMs) / 1_000).toFixed(1).padStart(5)
    this.write(`\n${seconds} s  ${++this.steps}. ${text}\n`)
  }

  note(text: string): void {
    this.write(`${INDENT}${text}\n`)
  }

  field(name: string, value: string): void {
    this.write(`${INDENT}${name}: ${value}\n`)
  }

  block(name: string, text: string): void {
    const lines = text.trimEnd().split('\n')
    this.write(`${INDENT}${name}:\n${lines.map((line) => `${INDENT}  | ${line}\n`).join('')}`)
  }

  resources(when: string, resources: { requests: { memory: string }; limits: { memory: string } }): void {
    const { requests, limits } = resources
    this.write(`${INDENT}Deployment ${when}: request ${requests.memory}, limit ${limits.memory}\n`)
  }
}

const INDENT = '           '
