import { HelperError } from '../../helpers/define.ts'
import type { HelperTable } from '../../helpers/define.ts'
import { JsonPathError, compileJsonPath, findAll } from '../../helpers/go/jsonpath/jsonpath.ts'
import { parseJson, stringifyJson } from '../../helpers/go/json.ts'
import { printf } from '../../helpers/go/printf.ts'
import { GoInt } from '../../helpers/go/value.ts'
import type { JsonValue, Value } from '../../helpers/go/value.ts'
import { splitDocuments } from '../../helpers/go/yaml/documents.ts'
import { jsonToYaml } from '../../helpers/go/yaml/emit.ts'
import { yamlToJson } from '../../helpers/go/yaml/read.ts'
import { YamlError } from '../../helpers/go/yaml/yaml-error.ts'
import { allHelpers } from '../../helpers/index.ts'
import { TemplateError } from '../../src/template/errors.ts'
import { lex } from '../../src/template/lexer.ts'
import { Budget } from '../../src/template/limits.ts'
import { newRuntime, parseTemplate } from '../../src/template/template.ts'
import { readVectors } from '../template/vectors.ts'
import type { Material } from './mutate.ts'
import { goWords, handlebarsWords, jsonPathWords, jsonWords, printfWords, yamlWords } from './words.ts'

export interface Target extends Material {
  /** Throws an unexpected error where the input shows a fault. */
  run(input: string): void
}

/** An error that an input may cause. */
function isExpected(error: unknown): boolean {
  if (error instanceof TemplateError) return !error.message.includes('internal error')
  return error instanceof HelperError || error instanceof YamlError || error instanceof JsonPathError
}

/** Runs the steps, letting through only errors that are no answer to bad input. */
function tolerate<T>(step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    if (isExpected(error)) return undefined
    throw error
  }
}

const data = (): Value => ({
  Element: { name: 'shop', n: 3, f: 1.5, l: ['a', 'b', null], m: { k: 'v', deep: { x: [1, 2] } }, yes: true },
  ElementIndex: 7n,
  s: 'héllo',
  e: '',
  z: null,
})

/** Slow by design: each call takes a good part of a second. */
const slow = /^(gen|bcrypt$|htpasswd$|buildCustomCert$|encryptAES$|decryptAES$)/
const fastHelpers: HelperTable = Object.assign(
  Object.create(null) as Record<string, never>,
  Object.fromEntries(
    allHelpers.filter(({ name }) => !slow.test(name)).map((helper) => [helper.name, helper]),
  ),
)

function execute(source: string, engine: 'go' | 'handlebars'): void {
  tolerate(() => {
    const template = parseTemplate(source, { helpers: fastHelpers, engine })
    const limits = { maxSteps: 20_000, maxAllocatedBytes: 8 * 1024 * 1024 }
    const text = template.execute(data(), newRuntime({ nowMs: 0, budget: new Budget(limits) }))
    if (typeof text !== 'string') throw new TypeError('the result is no text')
  })
}

const templates = readVectors<{ template: string }>('template.jsonl').map((vector) => vector.template)
const functionNames = Object.keys(fastHelpers)
const goDictionary = [...goWords, ...functionNames]
const handlebarsDictionary = [...handlebarsWords, ...functionNames]

const lexer: Target = {
  corpus: templates,
  dictionary: goDictionary,
  run(input) {
    let end = 0
    const tokens = lex(input, { left: '{{', right: '}}' })
    for (const token of tokens) {
      if (token.pos < end && token.kind !== 'error')
        throw new Error(`token ${token.kind} at ${token.pos} goes back`)
      end = token.pos
    }
    const last = tokens.at(-1)?.kind
    if (last !== 'eof' && last !== 'error') throw new Error(`the last token is ${String(last)}`)
  },
}

const parser: Target = {
  corpus: templates,
  dictionary: goDictionary,
  run(input) {
    tolerate(() => parseTemplate(input, { helpers: fastHelpers }))
  },
}

const exec: Target = { corpus: templates, dictionary: goDictionary, run: (input) => execute(input, 'go') }

const handlebars: Target = {
  corpus: readVectors<{ template: string }>('handlebars.jsonl').map((vector) => vector.template),
  dictionary: handlebarsDictionary,
  run: (input) => execute(input, 'handlebars'),
}

const yaml: Target = {
  corpus: readVectors<{ yaml?: string; text?: string }>('yaml.jsonl')
    .concat(readVectors('multidoc.jsonl'))
    .map((vector) => vector.yaml ?? vector.text ?? ''),
  dictionary: yamlWords,
  run(mutated) {
    // Files and answers are decoded before they are read, which leaves no lone surrogate.
    const input = mutated.toWellFormed()
    tolerate(() => [...splitDocuments(input)])
    const value = tolerate(() => yamlToJson(input))
    if (value !== undefined) checkYamlRoundTrip(value)
  },
}

/** What is written must read back as the same; but the key `<<` is written as Go does, which reads it as a merge. */
function checkYamlRoundTrip(value: JsonValue): void {
  if (stringifyJson(value).includes('"<<"')) return
  const text = tolerate(() => jsonToYaml(value))
  if (text === undefined) return
  const again = stringifyJson(yamlToJson(text))
  if (again !== stringifyJson(yamlToJson(jsonToYaml(parseJson(again)))))
    throw new Error(`unstable YAML:\n${text}`)
}

const jsonpath: Target = {
  corpus: readVectors<{ path: string }>('jsonpath.jsonl').map((vector) => vector.path),
  dictionary: jsonPathWords,
  run(input) {
    tolerate(() => findAll(compileJsonPath(input), data()))
  },
}

const printfArguments: readonly Value[] = [
  1n,
  -5n,
  2.5,
  'tęxt',
  null,
  true,
  [1n, 'a', null],
  { k: 1.5 },
  new GoInt('uint8', 255n),
]

const format: Target = {
  corpus: ['%v %d %s', '%5.2f|%-8s|%+q', '%[2]*[1]d', '%#x %#v', '%!', '%08.3f %e %g', '%c %U %t %T %p'],
  dictionary: printfWords,
  run(input) {
    tolerate(() => printf(input, printfArguments))
  },
}

const json: Target = {
  corpus: [
    '{"a":[1,2.5,"x",null,true]}',
    '[9007199254740993,-0,1e300]',
    String.raw`"\ud83d\ude42\n"`,
    '{"__proto__":{"a":1}}',
  ],
  dictionary: jsonWords,
  run(input) {
    const value = tolerate(() => parseJson(input))
    if (value === undefined) return
    const text = stringifyJson(value)
    if (stringifyJson(parseJson(text)) !== text) throw new Error(`unstable JSON: ${text}`)
  },
}

export const targets: Readonly<Record<string, Target>> = {
  lexer,
  parser,
  exec,
  handlebars,
  yaml,
  jsonpath,
  printf: format,
  json,
}
