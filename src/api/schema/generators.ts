import { SPEC_LIMITS } from '../../lib/limits.ts'
import { exactlyOneOf, onlyWith, TIMING_RULES } from './rules.ts'
import type { ObjectSchema } from './schema.ts'

const ON_EMPTY = ['Keep', 'Prune', 'Fail'] as const

const onEmptyPrune = {
  type: 'string',
  enum: ON_EMPTY,
  default: 'Prune',
  doc: 'What a complete answer without any element means: Keep what exists, Prune it, or Fail.',
} as const
const onEmptyKeep = { ...onEmptyPrune, default: 'Keep' } as const

const timing = {
  interval: {
    type: 'string',
    format: 'interval',
    doc: 'How often the source is asked, as a Go duration of at least 5s. Moved by up to 5 %, so that sets do not ask together.',
  },
  schedule: {
    type: 'string',
    format: 'cron',
    maxLength: 256,
    doc: 'When the source is asked, as a five-field cron schedule, instead of interval. A missed slot runs once.',
  },
  timeZone: {
    type: 'string',
    format: 'timeZone',
    default: 'UTC',
    maxLength: 64,
    doc: 'IANA time zone of the schedule. On days that the clocks change, a slot runs once.',
  },
} as const

const secretName = {
  type: 'object',
  required: ['name'],
  fields: { name: { type: 'string', format: 'objectName', doc: 'Name of the Secret.' } },
} as const

const tlsSecret = {
  ...secretName,
  doc: 'Secret in the set’s namespace with the CA to trust (ca.crt or caFile) and, for a client certificate, tls.crt and tls.key.',
} as const

const headersRef = {
  type: 'object',
  doc: 'Secret or ConfigMap in the set’s namespace: every key becomes a header of the request.',
  required: ['kind', 'name'],
  fields: {
    kind: { type: 'string', enum: ['Secret', 'ConfigMap'], doc: 'Kind of the object.' },
    name: { type: 'string', format: 'objectName', doc: 'Name of the object.' },
  },
} as const

const timeout = {
  type: 'string',
  format: 'duration',
  default: '30s',
  doc: 'Total time for the answer, from connecting to the last byte, as a Go duration.',
} as const

const singleElement = {
  type: 'boolean',
  default: false,
  doc: 'The whole answer, which must be an object, becomes the only element.',
} as const

const list = {
  type: 'object',
  doc: 'Elements written in the set itself.',
  fields: {
    elements: {
      type: 'array',
      doc: 'The elements: any objects.',
      maxItems: SPEC_LIMITS.maxListElements,
      items: { type: 'anyObject', doc: 'One element, `.Element` in templates.' },
    },
    onEmpty: onEmptyPrune,
  },
} as const satisfies ObjectSchema

const apiClient = {
  type: 'object',
  doc: 'Elements from the JSON answer of an HTTP API.',
  required: ['endpoint'],
  rules: TIMING_RULES,
  fields: {
    ...timing,
    endpoint: {
      type: 'string',
      format: 'httpUrl',
      pattern: '^https?://',
      doc: 'URL of the API, without user or password in it.',
    },
    method: {
      type: 'string',
      enum: ['GET', 'POST'],
      default: 'GET',
      isStoredDefault: true,
      doc: 'HTTP method. A body makes it POST.',
    },
    jsonPath: {
      type: 'string',
      format: 'jsonPath',
      doc: 'Kubernetes JSONPath to the list of elements in the answer; without it the answer itself is the list.',
    },
    headersRef,
    body: { type: 'any', doc: 'Body of a POST request: any JSON value.' },
    bodyFormat: {
      type: 'string',
      enum: ['JSON', 'Form'],
      default: 'JSON',
      doc: 'How the body is sent: as JSON, or as an HTML form.',
    },
    singleElement,
    secretRef: tlsSecret,
    timeout,
    onEmpty: onEmptyKeep,
  },
} as const satisfies ObjectSchema

const prometheus = {
  type: 'object',
  doc: 'One element for each series of a Prometheus instant query.',
  required: ['endpoint'],
  rules: [
    ...TIMING_RULES,
    exactlyOneOf(['query', 'queries'], 'exactly one of query and queries is needed'),
    onlyWith('joinOn', 'queries'),
    onlyWith('join', 'queries'),
    onlyWith('minCoverage', 'window'),
  ],
  fields: {
    ...timing,
    endpoint: {
      type: 'string',
      format: 'httpUrl',
      pattern: '^https?://',
      doc: 'URL of the server, up to and without /api/v1; a path prefix is kept.',
    },
    query: { type: 'string', format: 'promql', doc: 'PromQL of the value.' },
    queries: {
      type: 'array',
      doc: 'Several queries, joined on their labels.',
      maxItems: 16,
      items: {
        type: 'object',
        doc: 'A named query.',
        required: ['name', 'query'],
        fields: {
          name: {
            type: 'string',
            format: 'identifier',
            pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
            maxLength: 63,
            doc: 'Key of the result in `.Element.values`.',
          },
          query: { type: 'string', format: 'promql', doc: 'PromQL of the value.' },
        },
      },
    },
    joinOn: {
      type: 'array',
      doc: 'Labels that results are joined on; without it all labels that they have in common.',
      maxItems: 32,
      items: { type: 'string', format: 'identifier', maxLength: 128, doc: 'A label name.' },
    },
    join: {
      type: 'string',
      enum: ['Inner', 'Left', 'Full'],
      default: 'Inner',
      doc: 'Which results survive the join: those in all queries, those in the first, or all.',
    },
    window: {
      type: 'string',
      format: 'prometheusDuration',
      doc: 'What the query looks back over (a Prometheus duration such as 30d): turns the coverage check on.',
    },
    minCoverage: {
      type: 'string',
      format: 'percent',
      pattern: '^[0-9]+(\\.[0-9]+)?%$',
      default: '90%',
      doc: 'Share of the window that data must reach back over; an element with less is marked and never lowers a value.',
    },
    maxAge: {
      type: 'string',
      format: 'prometheusDuration',
      doc: 'A newest sample older than this is stale (a Prometheus duration such as 10m).',
    },
    headersRef,
    secretRef: tlsSecret,
    singleElement,
    timeout,
    onEmpty: onEmptyKeep,
    onWarnings: {
      type: 'string',
      enum: ['Keep', 'Accept'],
      default: 'Keep',
      doc: 'What an answer with warnings may do: Keep only updates, Accept also removes.',
    },
  },
} as const satisfies ObjectSchema

const repository = {
  type: 'object',
  required: ['repositoryRef'],
  fields: {
    repositoryRef: {
      type: 'string',
      format: 'objectName',
      doc: 'Name of the Flux source in the set’s namespace.',
    },
    files: {
      type: 'array',
      doc: 'Files whose YAML or JSON documents are elements.',
      maxItems: 1000,
      items: {
        type: 'object',
        doc: 'A file.',
        required: ['path'],
        fields: { path: { type: 'string', format: 'nonEmpty', doc: 'Path inside the artifact.' } },
      },
    },
    directories: {
      type: 'array',
      doc: 'Directories of which each is an element with Directory and Base.',
      maxItems: 1000,
      items: {
        type: 'object',
        doc: 'Directories by a glob.',
        required: ['path'],
        fields: {
          path: { type: 'string', format: 'nonEmpty', doc: 'Path inside the artifact; a glob.' },
          exclude: { type: 'boolean', default: false, doc: 'Leaves out what matches instead.' },
        },
      },
    },
    onEmpty: onEmptyPrune,
  },
} as const

const gitRepository = {
  ...repository,
  doc: 'Elements from files or directories of a Flux GitRepository.',
} as const satisfies ObjectSchema

const ociRepository = {
  ...repository,
  doc: 'Elements from files or directories of a Flux OCIRepository.',
} as const satisfies ObjectSchema

const pullRequests = {
  type: 'object',
  doc: 'One element for each open pull request of a repository.',
  required: ['driver', 'repo'],
  rules: TIMING_RULES,
  fields: {
    ...timing,
    driver: {
      type: 'string',
      enum: ['github', 'gitlab', 'bitbucketserver'],
      doc: 'Which API the server has.',
    },
    serverURL: {
      type: 'string',
      format: 'httpsUrl',
      pattern: '^https://',
      doc: 'URL of the server; without it the public one of the driver.',
    },
    repo: { type: 'string', format: 'nonEmpty', doc: 'The repository, for example my-org/my-repo.' },
    secretRef: { ...secretName, doc: 'Secret in the set’s namespace with the access token (key password).' },
    labels: {
      type: 'array',
      doc: 'Only pull requests with all of these labels.',
      maxItems: 64,
      items: { type: 'string', format: 'nonEmpty', doc: 'A label.' },
    },
    forks: { type: 'boolean', default: false, doc: 'Whether pull requests from forks count.' },
    onEmpty: onEmptyPrune,
  },
} as const satisfies ObjectSchema

const cluster = {
  type: 'object',
  doc: 'One element for each GitopsCluster that the selector matches.',
  fields: {
    selector: {
      type: 'object',
      doc: 'Label selector. Without one every cluster matches; with an empty one none does.',
      fields: {
        matchLabels: { type: 'map', doc: 'Labels that must be there with these values.' },
        matchExpressions: {
          type: 'array',
          doc: 'Further requirements; all must hold.',
          maxItems: 100,
          items: {
            type: 'object',
            doc: 'A requirement.',
            required: ['key', 'operator'],
            fields: {
              key: { type: 'string', doc: 'The label.' },
              operator: { type: 'string', doc: 'In, NotIn, Exists or DoesNotExist.' },
              values: {
                type: 'array',
                doc: 'For In and NotIn.',
                maxItems: 1000,
                items: { type: 'string', doc: 'A value.' },
              },
            },
          },
        },
      },
    },
    onEmpty: onEmptyPrune,
  },
} as const satisfies ObjectSchema

const imagePolicy = {
  type: 'object',
  doc: 'The image that a Flux ImagePolicy selected, as one element.',
  required: ['policyRef'],
  fields: {
    policyRef: {
      type: 'string',
      format: 'objectName',
      doc: 'Name of the ImagePolicy in the set’s namespace.',
    },
    onEmpty: onEmptyPrune,
  },
} as const satisfies ObjectSchema

const config = {
  type: 'object',
  doc: 'The data of a ConfigMap or Secret, as one element.',
  required: ['kind', 'name'],
  fields: {
    kind: { type: 'string', enum: ['ConfigMap', 'Secret'], doc: 'Kind of the object.' },
    name: { type: 'string', format: 'objectName', doc: 'Name of the object in the set’s namespace.' },
    onEmpty: onEmptyPrune,
  },
} as const satisfies ObjectSchema

/** What a matrix may combine: everything but a matrix. */
const combinable = {
  list,
  apiClient,
  prometheus,
  gitRepository,
  ociRepository,
  pullRequests,
  cluster,
  imagePolicy,
  config,
} as const

const matrix = {
  type: 'object',
  doc: 'The combinations of what several generators yield, merged into one element each.',
  fields: {
    generators: {
      type: 'array',
      doc: 'The generators to combine.',
      maxItems: SPEC_LIMITS.maxMatrixGenerators,
      items: {
        type: 'object',
        doc: 'A generator with an optional name. Exactly one kind is set.',
        fieldNoun: 'generator',
        rules: [exactlyOneOf(Object.keys(combinable), 'exactly one generator is needed')],
        fields: {
          name: { type: 'string', doc: 'Puts the elements’ fields under this key.' },
          ...combinable,
        },
      },
    },
    singleElement: {
      type: 'boolean',
      default: false,
      doc: 'Merges everything into a single element instead.',
    },
    onEmpty: onEmptyPrune,
  },
} as const satisfies ObjectSchema

const kinds = { ...combinable, matrix } as const

/** One item of `spec.generators`. */
export const GENERATOR_SCHEMA = {
  type: 'object',
  doc: 'A source of elements. Exactly one kind is set.',
  fieldNoun: 'generator',
  rules: [exactlyOneOf(Object.keys(kinds), 'exactly one generator is needed')],
  fields: kinds,
} as const satisfies ObjectSchema
