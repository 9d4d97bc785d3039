import { existsSync, statSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { regexLimits } from '../helpers/go/regex/regex.ts'
import { JSON_PATH_LIMITS } from '../helpers/go/jsonpath/limits.ts'
import { YAML_LIMITS } from '../helpers/go/yaml/limits.ts'
import { CONTROLLER_FLAGS } from '../src/config.ts'
import { MAX_REDIRECTS } from '../src/http/redirects.ts'
import { DEFAULT_RETRY } from '../src/http/retry.ts'
import { BUILD_LIMITS, RESPONSE_LIMITS, SPEC_LIMITS, STATUS_LIMITS } from '../src/lib/limits.ts'
import { newMetrics } from '../src/server/metrics.ts'
import { maxNesting, templateLimits } from '../src/template/limits.ts'
import { runCli } from './cli/run-cli.ts'
import {
  findAnchors,
  findFences,
  findLinks,
  findRows,
  listFiles,
  readText,
  ROOT,
} from './support/markdown.ts'

const files = listFiles()
const documents = files.filter((file) => file.endsWith('.md') && !file.startsWith('test/conformance/'))
const operating = readText('docs/operating.md')
const rows = findRows(operating)

describe.each(documents)('%s', (document) => {
  const markdown = readText(document)
  const links = findLinks(markdown).filter((link) => !/^[a-z]+:/.test(link))

  it('links to files and headings that exist', () => {
    expect(links.filter((link) => !resolves(document, link))).toEqual([])
  })

  const sets = findFences(markdown).filter(
    ({ language, text }) => language === 'yaml' && /^kind: GitOpsSet$/m.test(text),
  )
  it.each(sets)('shows a set that is valid', async ({ text }) => {
    expect(await runCli(['validate', '-'], text)).toEqual({ code: 0, out: '1 set is valid\n', err: '' })
  })
})

/** A path from the document's folder, with or without a heading; or a heading of the document. */
function resolves(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? document : normalize(join(dirname(document), path))
  if (!existsSync(join(ROOT, target))) return false
  return anchor === undefined || findAnchors(readText(target)).has(anchor)
}

describe('README.md', () => {
  const readme = readText('README.md')
  const fences = findFences(readme)
  const commands = fences.flatMap((fence, index) =>
    fence.language === 'sh' && fence.text.startsWith('npx gitopsset ')
      ? [{ command: fence.text.trim(), shown: fences[index + 1] }]
      : [],
  )

  it('has at most 200 lines', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(200)
  })

  it('shows several commands', () => {
    expect(commands.length).toBeGreaterThanOrEqual(3)
  })

  it.each(commands)('$command prints what is shown', async ({ command, shown }) => {
    const { code, out, err } = await runCli(toWords(command).slice(2))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(shown?.language).toBe('text')
    let from = 0
    for (const part of (shown?.text ?? '').split(/^…\n/m)) {
      const at = out.indexOf(part.trimEnd(), from)
      expect(at, part).toBeGreaterThanOrEqual(from)
      from = at + part.trimEnd().length
    }
  })

  it('gives a reason for each package that the program uses, and for no other', () => {
    const { dependencies } = JSON.parse(readText('package.json')) as { dependencies: Record<string, string> }
    const sources = files.filter((file) => /^(src|helpers)\/.*\.ts$/.test(file)).map(readText)
    const used = Object.keys(dependencies).filter((name) =>
      sources.some((source) => source.includes(`'${name}'`) || source.includes(`'${name}/`)),
    )
    const cells = [...readme.slice(readme.indexOf('## Dependencies')).matchAll(/^\| (`.*?) +\|/gm)]
    const listed = cells.flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '))
    expect(new Set(listed)).toEqual(new Set(used))
  })

  it('counts the recorded cases', () => {
    const recorded = files.filter((file) => /^test\/conformance\/data\/[a-z]+\.jsonl$/.test(file))
    const count = recorded.map((file) => readText(file).trimEnd().split('\n').length)
    const total = count.reduce((sum, lines) => sum + lines, 0)
    expect(readme).toContain(`${grouped(total)} recorded results`)
  })
})

/** Words of a command line with single quotes. */
function toWords(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
}

describe('docs/operating.md', () => {
  it.each(CONTROLLER_FLAGS)('says of --$name what it means and its default', ({ name, default: value }) => {
    const [shown = 'nothing', meaning = ''] = rows.get(`--${name}`) ?? []
    const isAll = name === 'enabled-generators'
    expect(shown).toBe(isAll ? 'all' : value === '' ? '' : `\`${value}\``)
    expect(meaning).toMatch(/\.$/)
    if (isAll) for (const generator of value.split(',')) expect(meaning).toContain(`\`${generator}\``)
  })

  it('has no flag that does not exist', () => {
    const known = new Set(CONTROLLER_FLAGS.map((flag) => `--${flag.name}`))
    expect([...rows.keys()].filter((name) => name.startsWith('--') && !known.has(name))).toEqual([])
  })

  it('says of every metric its type and meaning, and of no other', async () => {
    const { body } = await newMetrics().render()
    const metrics = [...body.matchAll(/^# TYPE ((?:gotk|gitopsset)_\w+) (\w+)$/gm)]
    expect(metrics.length).toBeGreaterThan(5)
    for (const [, name = '', type] of metrics) expect(rows.get(name)?.[0], name).toBe(type)
    const named = [...rows.keys()].filter((name) => /^(gotk|gitopsset)_/.test(name))
    expect(new Set(named)).toEqual(new Set(metrics.map(([, name]) => name)))
  })

  it('says of every Ready reason what it means and what to do, and of no other', () => {
    const [, union = ''] = /export type Reason =([^]*?)\n\n/.exec(readText('src/errors.ts')) ?? []
    const reasons = [...union.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '')
    expect(reasons.length).toBeGreaterThan(10)
    const section = findRows(operating.slice(operating.indexOf('## By Ready reason')))
    expect([...section.keys()].toSorted()).toEqual([...reasons, 'ReconciliationSucceeded'].toSorted())
    for (const [reason, cells] of section) expect(cells.filter(Boolean), reason).toHaveLength(2)
  })
})

describe('docs/security.md', () => {
  const security = readText('docs/security.md')

  it.each([
    ['steps: actions', grouped(templateLimits.maxSteps)],
    ['time, as a backstop', `${templateLimits.maxDurationMs / 1_000} s`],
    ['templates that call templates', `${templateLimits.maxDepth} deep`],
    ['blocks and parentheses', grouped(maxNesting)],
    ['output', mebibytes(templateLimits.maxOutputBytes)],
    ['texts and lists made', mebibytes(templateLimits.maxAllocatedBytes)],
    ['one text or list', mebibytes(templateLimits.maxValueBytes)],
    ['elements of a generator', grouped(BUILD_LIMITS.maxElements)],
    ['rendered objects', grouped(BUILD_LIMITS.maxObjects)],
    ['rendered text', mebibytes(BUILD_LIMITS.maxSetBytes)],
    ['generators', grouped(SPEC_LIMITS.maxGenerators)],
    ['generators of a matrix', grouped(SPEC_LIMITS.maxMatrixGenerators)],
    ['templates', grouped(SPEC_LIMITS.maxTemplates)],
    ['shortest interval', `${SPEC_LIMITS.minIntervalMs / 1_000} s`],
    ['pattern', `${grouped(regexLimits.maxPatternBytes)} bytes`],
    ['instructions that it', grouped(regexLimits.maxProgramSize)],
    ['text searched', mebibytes(regexLimits.maxInputBytes)],
    ['work of a search', grouped(regexLimits.maxWork)],
    ['path', `${grouped(JSON_PATH_LIMITS.maxPathChars)} characters`],
    ['values looked at', grouped(JSON_PATH_LIMITS.maxSteps)],
    ['results', grouped(JSON_PATH_LIMITS.maxResults)],
    ['text', mebibytes(YAML_LIMITS.maxChars)],
    ['values that aliases add', grouped(YAML_LIMITS.maxAliasedValues)],
    ['an answer', `${mebibytes(RESPONSE_LIMITS.maxBytes)} `],
    ['tries', String(DEFAULT_RETRY.maxAttempts)],
    ['redirects', String(MAX_REDIRECTS)],
    ['packed', `${mebibytes(defaultOf('max-archive-download-size'))} `],
    ['unpacked', `${mebibytes(defaultOf('max-archive-untar-size'))} `],
    ['entries', grouped(RESPONSE_LIMITS.maxArchiveEntries)],
    ['a message', `${grouped(STATUS_LIMITS.maxMessageChars)} characters`],
    ['changes of a plan', String(STATUS_LIMITS.maxPlanChanges)],
    ['warnings of a generator', String(STATUS_LIMITS.maxWarnings)],
    ["an event's note", `${grouped(STATUS_LIMITS.maxEventNoteBytes)} bytes`],
  ])('%s: %s', (label, value) => {
    const row = security
      .split('\n')
      .find((line) => line.startsWith(`| ${label}`) && line.includes(`| ${value}`))
    expect(row, `no row "${label}" with ${value}`).toBeDefined()
  })
})

function defaultOf(flagName: string): number {
  return Number(CONTROLLER_FLAGS.find((flag) => flag.name === flagName)?.default)
}

function grouped(value: number): string {
  return value.toLocaleString('en-US')
}

function mebibytes(bytes: number): string {
  return `${bytes / 1_048_576} MiB`
}

describe('docs/adr', () => {
  const records = files.filter((file) => file.startsWith('docs/adr/')).toSorted()

  it('is numbered without a gap', () => {
    const numbers = records.map((file) => /^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1])
    expect(numbers).toEqual(records.map((_, index) => String(index + 1).padStart(4, '0')))
  })

  it.each(records)('%s says context, decision and consequences, in at most 40 lines', (file) => {
    const text = readText(file)
    expect(text).toMatch(
      new RegExp(
        `^# ${Number(file.slice(9, 13))}\\. .+\n\n## Context\n[^]+\n## Decision\n[^]+\n## Consequences\n`,
      ),
    )
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40)
  })
})

it('no file names the folder that it was written in', () => {
  const siblings = ['shared', 'briefs'].map((name) => join(dirname(ROOT), name))
  // A folder such as /app is in a Dockerfile for good reason.
  const places = [ROOT, ...siblings, join('..', 'shared')].filter(
    (place) => place.split(sep).length > 2 || place.startsWith('.'),
  )
  const texts = files.filter((file) => statSync(join(ROOT, file)).size < 2_000_000)
  const naming = texts.filter((file) => places.some((place) => readText(file).includes(`${place}/`)))
  expect(naming).toEqual([])
})
