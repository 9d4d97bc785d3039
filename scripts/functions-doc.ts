import type { Family, Helper, Param } from '../helpers/define.ts'
import { stringifyJson } from '../helpers/go/json.ts'
import type { JsonValue } from '../helpers/go/value.ts'

/** Functions that neither Sprig nor the Go controller has. */
export const ownFunctions: readonly string[] = [
  'clamp',
  'fromYaml',
  'fromYamlArray',
  'jsonPath',
  'mustFromYaml',
  'mustToYaml',
  'promValue',
  'quantity',
  'quantityAdd',
  'quantityBytes',
  'quantityCmp',
  'quantityMax',
  'quantityMilli',
  'quantityMin',
  'quantityMul',
  'required',
  'roundUp',
  'slugify',
  'toCpu',
  'toMemory',
]

const titles: Readonly<Record<Family, string>> = {
  strings: 'Text',
  lists: 'Lists',
  dict: 'Maps',
  defaults: 'Defaults, JSON and YAML',
  math: 'Numbers',
  date: 'Dates and durations',
  encoding: 'Encodings',
  crypto: 'Hashes, keys and certificates',
  regex: 'Regular expressions',
  semver: 'Versions',
  url: 'URLs',
  reflection: 'Types',
  flow: 'Stopping',
  gitops: 'Names and data of clusters',
  quantity: 'Kubernetes quantities',
}

/** Text of docs/functions.md. */
export function functionsDoc(helpers: readonly Helper[]): string {
  const families = Object.keys(titles) as Family[]
  const sections = families.map((family) =>
    familySection(
      family,
      helpers.filter((helper) => helper.family === family),
    ),
  )
  return [intro(), index(families), ...sections].join('\n')
}

function intro(): string {
  return `<!-- Written by scripts/generate-functions.ts from helpers/. Do not edit. -->

# Functions

What templates may call, besides the functions of Go's text/template: \`and\` \`or\` \`not\` \`eq\` \`ne\` \`lt\` \`le\` \`gt\` \`ge\`
\`index\` \`len\` \`print\` \`printf\` \`println\` \`html\` \`js\` \`urlquery\` \`call\`. All of Sprig 3.3 is here, with its exact results,
except what reads the controller's surroundings. Functions marked **own** are not in Sprig.

- A piped value is the last argument: \`{{ .name | trunc 5 }}\` is \`{{ trunc 5 .name }}\`.
- A parameter shown as \`name:type\` takes only that type; the others take any value. \`…\` means any number of arguments.
- Numbers of generators' data are float64, also whole ones; numbers written in a template are int unless they have a point.
- A set that uses a function marked **changing** gets a warning: each evaluation gives something else, and changes its objects.
- With \`engine: handlebars\` the same functions are called as \`{{trunc 5 name}}\`, or as \`(trunc 5 name)\` inside another call.
`
}

function index(families: readonly Family[]): string {
  return families.map((family) => `- [${titles[family]}](#${toAnchor(titles[family])})\n`).join('')
}

/** As GitHub makes it. */
function toAnchor(title: string): string {
  return title.toLowerCase().replace(/,/g, '').replaceAll(' ', '-')
}

function familySection(family: Family, helpers: readonly Helper[]): string {
  const sorted = [...helpers].sort((a, b) => (a.name < b.name ? -1 : 1))
  return `## ${titles[family]}\n\n${sorted.map(functionSection).join('\n')}`
}

function functionSection(helper: Helper): string {
  return `### ${helper.name}\n\n\`${signature(helper)}\`${marks(helper)}\n\n${helper.doc}\n\n${exampleText(helper)}`
}

function signature({ name, params, rest }: Helper): string {
  const shown = [...params.map(paramText), ...(rest === undefined ? [] : [`${paramText(rest)}…`])]
  return [name, ...shown].join(' ')
}

function paramText({ name, type }: Param): string {
  if (type === 'any') return name
  return `${name}:${typeof type === 'string' ? type : type.go}`
}

function marks(helper: Helper): string {
  const marks = [
    ...(ownFunctions.includes(helper.name) ? ['own'] : []),
    ...(helper.changing === true ? ['changing'] : []),
  ]
  return marks.map((mark) => ` **${mark}**`).join('')
}

function exampleText({ example }: Helper): string {
  const data =
    example.data === undefined
      ? ''
      : `With the data ${inlineCode(stringifyJson(example.data as JsonValue))}, `
  const verb = example.matches === undefined ? 'prints' : 'prints, for example,'
  const template = `${data}${inlineCode(example.template)} ${verb}`
  if (!example.output.includes('\n')) return `${template} ${inlineCode(example.output)}\n`
  return `${template}\n\n\`\`\`text\n${example.output.trimEnd()}\n\`\`\`\n`
}

/** Code in a line of Markdown, in more backticks than it has itself. */
function inlineCode(code: string): string {
  const fence = code.includes('`') ? '``' : '`'
  return `${fence}${code}${fence}`
}
