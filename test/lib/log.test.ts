import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { createLogger, type LogEncoding, type LogLevel } from '../../src/lib/log.ts'

function recorder(level: LogLevel, encoding: LogEncoding) {
  const lines: string[] = []
  return { lines, log: createLogger({ level, encoding, write: (line) => lines.push(line) }) }
}

const entries = (lines: string[]) => lines.map((line) => JSON.parse(line) as Record<string, unknown>)

describe('createLogger', () => {
  it('writes JSON lines with constant messages and structured fields', () => {
    const { lines, log } = recorder('info', 'json')
    log.child({ set: 'team/web' }).info('applied', { objects: 3 })
    log.debug('not seen')
    expect(entries(lines)).toEqual([
      {
        level: 'info',
        ts: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        set: 'team/web',
        objects: 3,
        msg: 'applied',
      },
    ])
  })

  it('writes one console line for an entry, whatever is in it', () => {
    const { lines, log } = recorder('debug', 'console')
    log.warn('look', { text: 'a\nb', count: 1 })
    expect(lines.join('')).toMatch(/^\S+Z WARN {2}look text="a\\nb" count=1\n$/)
  })

  it('tells our errors, and of others only what cannot hold a secret', () => {
    const { lines, log } = recorder('info', 'json')
    const cause = Object.assign(new Error('Authorization: Bearer hunter2'), {
      code: 'ECONNRESET',
      config: { headers: { Authorization: 'hunter2' } },
    })
    log.error('failed', { error: new AppError('GeneratorFailed', 'retry', 'the server hung up', { cause }) })
    log.error('failed', { error: new SyntaxError('"hunter2" is not valid JSON') })
    log.error('failed', { error: 'hunter2' })
    expect(lines.join('')).not.toContain('hunter2')
    expect(entries(lines)[0]?.['error']).toMatchObject({
      name: 'AppError',
      reason: 'GeneratorFailed',
      message: 'the server hung up',
      cause: { name: 'Error', code: 'ECONNRESET' },
    })
  })

  it('does not take a stack frame from a message', () => {
    const { lines, log } = recorder('info', 'json')
    log.error('failed', { error: new Error('x\n    at hunter2 (secret)') })
    expect(lines.join('')).not.toContain('hunter2')
  })
})
