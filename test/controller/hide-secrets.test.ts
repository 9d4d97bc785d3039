import { describe, expect, it } from 'vitest'
import type { GeneratorEntry } from '../../src/api/types.ts'
import { hideInError, hideInOutcome, newHide } from '../../src/controller/hide-secrets.ts'
import type { Hide } from '../../src/controller/hide-secrets.ts'
import { AppError } from '../../src/errors.ts'
import type { EntryOutcome } from '../../src/pipeline.ts'
import { fakeSet } from '../generate/fakes.ts'

const SECRET: GeneratorEntry = { config: { kind: 'Secret', name: 's' } }

function hideOf(entry: GeneratorEntry, element: object): Hide {
  const set = fakeSet([entry])
  const outcome = { generation: { elements: [element], complete: true, warnings: [] } }
  return newHide(set, [outcome as unknown as EntryOutcome])
}

describe('what was read from a Secret', () => {
  it('is hidden wherever it is, quoted or not, as a whole or a line of it', () => {
    const hide = hideOf(SECRET, { a: 'hunter2', b: 'say "please"', c: 'first line\nsecond line\n' })
    expect(hide('bad: hunter2, "hunter2"')).toBe('bad: [hidden], "[hidden]"')
    expect(hide(JSON.stringify('say "please"'))).toBe('"[hidden]"')
    expect(hide('on second line of it')).toBe('on [hidden] of it')
  })

  it('is hidden as a whole where one is a part of another', () => {
    expect(hideOf(SECRET, { short: 'hunter', long: 'hunter2hunter' })('x hunter2hunter y')).toBe(
      'x [hidden] y',
    )
  })

  it('is also found in a matrix', () => {
    const matrix: GeneratorEntry = { matrix: { generators: [{ name: 's', ...SECRET }, { list: {} }] } }
    expect(hideOf(matrix, { s: { password: 'hunter2' } })('hunter2')).toBe('[hidden]')
  })

  it('leaves short texts and other sources alone', () => {
    expect(hideOf(SECRET, { a: 'yes', b: '' })('yes it is')).toBe('yes it is')
    expect(hideOf({ config: { kind: 'ConfigMap', name: 'c' } }, { a: 'hunter2' })('hunter2')).toBe('hunter2')
  })

  it('is taken out of errors, with causes that repeat it, and out of warnings', () => {
    const hide = hideOf(SECRET, { a: 'hunter2' })
    const cause = new Error('hunter2')
    const error = new AppError('ApplyFailed', 'stall', 'no hunter2', {
      path: 'spec.x',
      retryAfterMs: 5,
      cause,
    })
    const hidden = hideInError(error, hide)
    expect(hidden).toMatchObject({
      reason: 'ApplyFailed',
      disposition: 'stall',
      message: 'no [hidden]',
      path: 'spec.x',
      retryAfterMs: 5,
    })
    expect(hidden.cause).toBeUndefined()
    const other = new AppError('ApplyFailed', 'stall', 'nothing', { cause })
    expect(hideInError(other, hide)).toBe(other)
    const outcome = { kind: 'failed', errors: [error, other], changes: [], warnings: ['a hunter2'] } as const
    const shown = hideInOutcome(outcome, hide)
    const messages =
      shown.kind === 'failed' ? [...shown.errors.map(({ message }) => message), ...shown.warnings] : []
    expect(messages).toEqual(['no [hidden]', 'nothing', 'a [hidden]'])
  })
})
