import { dump } from 'js-yaml'
import { API_GROUPS, type ApiGroup, KIND, PLURAL, VERSION } from '../src/api/group.ts'
import type { ObjectSchema, Rule, Schema, StringSchema } from '../src/api/schema/schema.ts'
import { SPEC_SCHEMA } from '../src/api/schema/spec.ts'
import { STATUS_SCHEMA } from '../src/api/schema/status.ts'

type Yaml = Record<string, unknown>

const HEADER = '# Written by `npm run schema` from src/api/schema. Do not edit.\n'

const COLUMNS = [
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message' },
  { name: 'Objects', type: 'integer', jsonPath: '.status.objects' },
  { name: 'Next', type: 'string', jsonPath: '.status.nextEvaluation' },
]

/** Text of crds/gitopssets.yaml: the CRDs of both groups, which differ in the group alone. */
export function crdYaml(): string {
  const documents = API_GROUPS.map((group) => dump(crdOf(group), { noRefs: true, lineWidth: 110 }))
  return HEADER + documents.map((document) => `---\n${document}`).join('')
}

export function crdOf(group: ApiGroup): Yaml {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${PLURAL}.${group.name}` },
    spec: {
      group: group.name,
      names: {
        kind: KIND,
        listKind: `${KIND}List`,
        plural: PLURAL,
        singular: 'gitopsset',
        shortNames: ['gs'],
      },
      scope: 'Namespaced',
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: COLUMNS,
          schema: { openAPIV3Schema: rootSchema() },
        },
      ],
    },
  }
}

function rootSchema(): Yaml {
  return {
    type: 'object',
    description:
      'A GitOpsSet renders templates for every element that its generators yield, and applies the result.',
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: toOpenApi(SPEC_SCHEMA),
      status: toOpenApi(STATUS_SCHEMA),
    },
  }
}

/** A structural schema as the API server takes it. */
function toOpenApi(schema: Schema): Yaml {
  const description = { description: describe(schema) }
  switch (schema.type) {
    case 'string':
      return { type: 'string', ...description, ...stringKeywords(schema) }
    case 'integer': {
      const { minimum, maximum } = schema
      return { type: 'integer', ...description, ...given({ minimum, maximum }) }
    }
    case 'boolean':
      return { type: 'boolean', ...description }
    case 'array':
      return {
        type: 'array',
        ...description,
        ...given({ maxItems: schema.maxItems }),
        items: toOpenApi(schema.items),
      }
    case 'map':
      return { type: 'object', ...description, additionalProperties: { type: 'string' } }
    case 'any':
      return { ...description, 'x-kubernetes-preserve-unknown-fields': true }
    case 'anyObject':
      return { type: 'object', ...description, 'x-kubernetes-preserve-unknown-fields': true }
    case 'object':
      return { type: 'object', ...description, ...objectKeywords(schema) }
  }
}

function describe(schema: Schema): string {
  return schema.default === undefined ? schema.doc : `${schema.doc} Default: ${schema.default}.`
}

function stringKeywords(schema: StringSchema): Yaml {
  return given({
    enum: schema.enum,
    pattern: schema.pattern,
    maxLength: schema.maxLength,
    format: schema.format === 'date-time' ? schema.format : undefined,
    default: schema.isStoredDefault ? schema.default : undefined,
  })
}

function objectKeywords(schema: ObjectSchema): Yaml {
  const properties = Object.entries(schema.fields).map(([name, field]) => [name, toOpenApi(field)])
  return {
    properties: Object.fromEntries(properties) as Yaml,
    ...given({
      required: schema.required,
      'x-kubernetes-validations': schema.rules?.map((rule: Rule) => ({
        rule: rule.cel,
        message: rule.message,
      })),
    }),
  }
}

/** Without what is undefined: YAML would write it as null. */
function given(keywords: Yaml): Yaml {
  return Object.fromEntries(Object.entries(keywords).filter(([, value]) => value !== undefined))
}
