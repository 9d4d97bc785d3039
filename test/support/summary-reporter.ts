import type { Reporter, TestModule } from 'vitest/node'

/** Ends the output with one line that scripts can read: `N passed, N failed`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    for (const line of summarize(modules, unhandledErrors)) process.stdout.write(`${line}\n`)
  }
}

/** The lines to print. A file or a suite that broke outside of its tests, and any other stray error, count as failed. */
export function summarize(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): string[] {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const count = (state: string): number => tests.filter((test) => test.result().state === state).length
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()])
  const errors = suites.reduce((sum, suite) => sum + suite.errors().length, unhandledErrors.length)
  const ignored = tests.length - count('passed') - count('failed')
  return [
    ...(ignored > 0 ? [`${ignored} did not run`] : []),
    `${count('passed')} passed, ${count('failed') + errors} failed`,
  ]
}
