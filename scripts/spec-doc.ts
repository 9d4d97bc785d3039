import { API_GROUPS, REQUESTED_AT_ANNOTATION, SETS_GROUP } from '../src/api/group.ts'
import type { ObjectSchema, Schema } from '../src/api/schema/schema.ts'
import { SPEC_SCHEMA } from '../src/api/schema/spec.ts'
import { STATUS_SCHEMA } from '../src/api/schema/status.ts'

/** Text of docs/spec.md. */
export function specDoc(): string {
  return [
    intro(),
    ANNOTATIONS,
    '## spec\n',
    ...section(SPEC_SCHEMA, 'spec'),
    ...generatorSections(),
    ...statusSections(),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

function intro(): string {
  const groups = API_GROUPS.map((group) => `\`${group.apiVersion}\``).join(' and ')
  return `<!-- Written by \`npm run schema\` from src/api/schema. Do not edit. -->

# GitOpsSet, field by field

Served as ${groups}, with one schema and one behaviour. Kind \`GitOpsSet\`, namespaced, short name \`gs\`.

- **Durations** are Go durations: \`90s\`, \`10m\`, \`1h30m\`, \`24h\`. Intervals are at least \`5s\`. Fields that say so take
  Prometheus durations instead, which know days and more: \`30d\`, \`2w\`.
- **Names** of Secrets, ConfigMaps and sources are names in the set’s own namespace, and are read as the set’s service
  account.
- **Unknown fields** are refused by \`gitopsset validate\`, and by \`kubectl\` (\`--validate=strict\`, its default).
- A field without a default that is left out does nothing.
`
}

const { name } = SETS_GROUP
const ANNOTATIONS = `## Annotations

For sets of the other group, \`${name}/\` is \`${API_GROUPS[1]?.name ?? ''}/\`.

| on | annotation | meaning |
| --- | --- | --- |
| the set | \`${SETS_GROUP.delimitersAnnotation}: "left,right"\` | delimiters of template actions, instead of \`{{\` and \`}}\` |
| the set | \`${REQUESTED_AT_ANNOTATION}: <any new text>\` | evaluate now; echoed in \`status.lastHandledReconcileAt\` |
| the set | \`${SETS_GROUP.confirmPruneAnnotation}: <plan hash>\` | let the removals go that are held (\`PruneBlocked\`) |
| an object | \`${SETS_GROUP.pruneAnnotation}: disabled\` | keep it when the set no longer renders it |
| an object | \`${SETS_GROUP.forceAnnotation}: enabled\` | delete and create it where a field cannot be changed |
| an object | \`${SETS_GROUP.adoptAnnotation}: enabled\` | take it over though it exists without a set’s labels |
`

function generatorSections(): string[] {
  const { items } = SPEC_SCHEMA.fields.generators
  const kinds = Object.entries<ObjectSchema>(items.fields)
  return [
    '## spec.generators[]\n',
    'Each item has exactly one of these keys.\n',
    ...kinds.flatMap(([kind, schema]) => [
      `### ${kind}\n`,
      `${schema.doc}\n`,
      ...rules(schema),
      ...section(schema, kind),
    ]),
  ]
}

function rules(schema: ObjectSchema): string[] {
  const messages = (schema.rules ?? []).map((rule) => `- ${rule.message}`)
  return messages.length === 0 ? [] : [...messages, '']
}

function statusSections(): string[] {
  return ['## status\n', ...section(STATUS_SCHEMA, 'status')]
}

/** A table of the fields of an object, those of objects inside it by their path. */
function section(schema: ObjectSchema, owner: string): string[] {
  const rows = fieldRows(schema, '')
  return [`| ${owner}. | type | default | meaning |`, '| --- | --- | --- | --- |', ...rows, '']
}

function fieldRows(schema: ObjectSchema, prefix: string): string[] {
  return Object.entries(schema.fields).flatMap(([field, fieldSchema]) => {
    const isRequired = schema.required?.includes(field) === true
    const path = `${prefix}${field}`
    return [fieldRow(path, fieldSchema, isRequired), ...innerRows(path, fieldSchema)]
  })
}

function innerRows(path: string, schema: Schema): string[] {
  // Generators have sections of their own, and a matrix repeats them.
  if (path === 'generators') return []
  if (schema.type === 'object') return fieldRows(schema, `${path}.`)
  return schema.type === 'array' && schema.items.type === 'object'
    ? fieldRows(schema.items, `${path}[].`)
    : []
}

function fieldRow(path: string, schema: Schema, isRequired: boolean): string {
  const fallback = isRequired ? '**required**' : schema.default === undefined ? '' : `\`${schema.default}\``
  return `| \`${path}\` | ${typeText(schema)} | ${fallback} | ${schema.doc.replaceAll('|', '\\|')} |`
}

const FORMAT_TEXTS: Readonly<Record<string, string>> = {
  duration: 'duration',
  interval: 'duration',
  prometheusDuration: 'Prometheus duration',
  percent: 'percentage',
  cron: 'cron schedule',
  timeZone: 'time zone',
  httpUrl: 'URL',
  httpsUrl: 'URL',
  jsonPath: 'JSONPath',
  promql: 'PromQL',
  objectName: 'name',
  namespace: 'name',
  'date-time': 'time',
}

function typeText(schema: Schema): string {
  switch (schema.type) {
    case 'string':
      if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(' ')
      return formatText(schema.format)
    case 'array':
      return `list of ${schema.items.type === 'object' ? 'objects' : `${typeText(schema.items)}s`}`
    case 'map':
      return 'map of strings'
    case 'any':
      return 'any JSON'
    case 'anyObject':
      return 'any object'
    default:
      return schema.type
  }
}

function formatText(format: string | undefined): string {
  const text = format === undefined ? undefined : FORMAT_TEXTS[format]
  return text ?? 'string'
}
