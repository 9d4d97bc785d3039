import { describe, expect, test } from 'vitest'
import { helpers } from '../../helpers/index.ts'
import { Budget, templateLimits } from '../../src/template/limits.ts'
import { newRuntime, parseTemplate } from '../../src/template/template.ts'
import { failure, render } from './render.ts'

test('the limits are those of the documentation', () => {
  expect(templateLimits).toEqual({
    maxSteps: 1_000_000,
    maxDurationMs: 10_000,
    maxDepth: 100,
    maxOutputBytes: 1024 * 1024,
    maxAllocatedBytes: 64 * 1024 * 1024,
    maxValueBytes: 8 * 1024 * 1024,
  })
})

test('steps: a loop over a huge number ends with a clear error', () => {
  const error = failure('a\n{{ range 9000000000000000000 }}{{ end }}')
  expect(error.detail).toMatch(/more than 1000000 steps.*maxSteps/)
  expect(error.position.line).toBe(2)
})

test('steps: a call with a large argument counts for many', () => {
  const data = { text: 'x'.repeat(1_000_000), list: Array.from({ length: 100_000 }, () => 1) }
  expect(failure('{{ range 1000 }}{{ $_ := contains "y" $.text }}{{ end }}', data).detail).toMatch(/maxSteps/)
  expect(failure('{{ range 1000 }}{{ $_ := has 2 $.list }}{{ end }}', data).detail).toMatch(/maxSteps/)
})

test('duration: the clock ends what the other limits let through', () => {
  const error = failure('{{ range 900000 }}{{ end }}', null, { limits: { maxDurationMs: -1 } })
  expect(error.detail).toMatch(/longer than -1 ms.*maxDurationMs/)
})

test('depth: a template that calls itself', () => {
  const error = failure('{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}')
  expect(error.detail).toMatch(/100 levels deep \(limit maxDepth\)/)
})

test('depth: blocks times templates cannot fill the stack', () => {
  const nested = `${'{{ if true }}'.repeat(400)}{{ template "a" }}${'{{ end }}'.repeat(400)}`
  expect(failure(`{{ define "a" }}${nested}{{ end }}{{ template "a" }}`).detail).toMatch(/deep/)
})

test('depth: parentheses and blocks in the source', () => {
  expect(failure(`{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`).detail).toMatch(/500 levels deep/)
  expect(failure('{{ if 1 }}'.repeat(100_000)).detail).toMatch(/500 levels deep/)
})

test('output: text and actions count', () => {
  const limits = { maxOutputBytes: 10 }
  expect(render('0123456789', null, { limits })).toHaveLength(10)
  expect(failure('0123456789{{ 1 }}', null, { limits }).detail).toMatch(/10 bytes of output/)
  expect(failure('{{ range 20 }}x{{ end }}', null, { limits }).detail).toMatch(/10 bytes of output/)
})

test('output: counts bytes, not characters', () => {
  expect(failure('漢漢漢漢', null, { limits: { maxOutputBytes: 10 } }).detail).toMatch(/10 bytes/)
})

test('one budget counts for all templates of an object', () => {
  const runtime = newRuntime({ budget: new Budget({ maxOutputBytes: 10 }) })
  const template = parseTemplate('123456', { helpers })
  template.execute(null, runtime)
  expect(() => template.execute(null, runtime)).toThrow(/10 bytes/)
})

describe('values that contain themselves', () => {
  const cyclic = '{{ $d := dict }}{{ $_ := set $d "self" $d }}{{ $_ = set $d "too" $d }}'
  test.each([
    '{{ $d }}',
    '{{ $d | toJson }}',
    '{{ $d | toYaml }}',
    '{{ printf "%v %s %#v" $d $d $d }}',
    '{{ deepCopy $d }}',
    '{{ deepEqual $d (deepCopy $d) }}',
    '{{ toString $d }}',
    '{{ $d | toPrettyJson }}',
    '{{ mergeOverwrite (dict) $d $d }}',
    '{{ merge $d $d }}',
    '{{ quote $d }}',
    '{{ cat $d }}',
    '{{ list $d | uniq }}',
    '{{ has $d (list (deepCopy $d)) }}',
    '{{ html $d }}',
    '{{ dig "self" "self" "nosuch" "-" $d }}',
  ])('%s ends', (action) => {
    expect(outcome(cyclic + action)).toMatch(/^(done|failed)$/)
  })
})

describe('values that share parts double with each step', () => {
  const shared = '{{ $l := list 1 }}{{ range 60 }}{{ $l = list $l $l }}{{ end }}'
  test.each([
    '{{ $l }}',
    '{{ $l | toJson }}',
    '{{ $l | toYaml }}',
    '{{ $l | toString }}',
    '{{ printf "%#v" $l }}',
    '{{ printf "%d" $l }}',
    '{{ deepCopy $l }}',
    '{{ deepEqual $l (list $l) }}',
    '{{ list $l $l | uniq }}',
    '{{ quote $l }}',
    '{{ join "," $l }}',
    '{{ $l | html }}',
    '{{ $m := $l }}{{ deepEqual $m $l }}',
    '{{ has $l (list (list $l $l)) }}',
    '{{ merge (dict) (dict "a" (dict "b" $l)) }}',
    '{{ sortAlpha $l }}',
  ])('%s ends', (action) => {
    expect(outcome(shared + action)).toMatch(/^(done|failed)$/)
  })
})

describe('growing functions check the size before they allocate', () => {
  test.each([
    '{{ repeat 999999999 "x" }}',
    '{{ repeat 1000000000000 "x" }}',
    '{{ indent 999999999 "x" }}',
    '{{ nindent 999999999 "x" }}',
    '{{ until 999999999 }}',
    '{{ untilStep 0 999999999 1 }}',
    '{{ seq 999999999 }}',
    '{{ printf "%999999d" 1 | repeat 999 }}',
    '{{ $s := "x" }}{{ range 60 }}{{ $s = print $s $s }}{{ end }}',
    '{{ $s := "x" }}{{ range 60 }}{{ $s = cat $s $s }}{{ end }}',
    '{{ $s := "x" }}{{ range 60 }}{{ $s = replace "x" "xx" $s }}{{ end }}',
    '{{ $s := "x" }}{{ range 60 }}{{ $s = join $s (list 1 2 3 4) }}{{ end }}',
    '{{ $s := "x" }}{{ range 60 }}{{ $s = regexReplaceAll "x" $s "xx" }}{{ end }}',
    '{{ $s := "x" }}{{ range 60 }}{{ $s = printf "%q%q" $s $s }}{{ end }}',
    '{{ $s := "x" }}{{ range 60 }}{{ $s = quote $s $s }}{{ end }}',
    '{{ $s := "x" }}{{ range 60 }}{{ $s = toJson (list $s $s) }}{{ end }}',
    '{{ $s := "x" }}{{ range 60 }}{{ $s = b64enc (print $s $s) }}{{ end }}',
    '{{ $s := "&" }}{{ range 60 }}{{ $s = html $s }}{{ $s = print $s $s }}{{ end }}',
    '{{ $s := "x" }}{{ range 60 }}{{ $s = wrapWith 1 $s (print $s $s) }}{{ end }}',
    '{{ $l := list 1 }}{{ range 60 }}{{ $l = concat $l $l }}{{ end }}',
    '{{ randAlphaNum 999999999 }}',
    '{{ randBytes 999999999 }}',
    '{{ $s := repeat 1000 "a " }}{{ range 30 }}{{ $s = title (print $s $s) }}{{ end }}',
    '{{ $s := repeat 1000 "a b" }}{{ range 30 }}{{ $s = snakecase (print $s $s) }}{{ end }}',
    '{{ $s := "a," }}{{ range 30 }}{{ $s = print $s $s }}{{ end }}{{ splitList "," $s }}',
  ])('%s', (source) => {
    expect(failure(source).detail).toMatch(/bytes|limit|large|long|size|more than|repeat count/i)
  })
})

function outcome(source: string): string {
  try {
    render(source)
    return 'done'
  } catch (error) {
    if (error instanceof Error && error.name === 'TemplateError') {
      expect(error.message).not.toContain('internal error')
      return 'failed'
    }
    throw error
  }
}
