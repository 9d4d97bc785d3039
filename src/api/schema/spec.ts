import { SPEC_LIMITS } from '../../lib/limits.ts'
import { GENERATOR_SCHEMA } from './generators.ts'
import type { ObjectSchema } from './schema.ts'

/** `spec` of a GitOpsSet: the one source of the CRDs, docs/spec.md and validation. */
export const SPEC_SCHEMA = {
  type: 'object',
  doc: 'What to generate, and how to apply it.',
  fields: {
    suspend: {
      type: 'boolean',
      default: false,
      doc: 'Stops reconciling. A suspended set is still finalized when it is deleted.',
    },
    serviceAccountName: {
      type: 'string',
      format: 'objectName',
      doc: 'Service account of the set’s namespace that every read and write is made as.',
    },
    engine: {
      type: 'string',
      enum: ['go', 'handlebars'],
      default: 'go',
      doc: 'Language of the templates.',
    },
    mode: {
      type: 'string',
      enum: ['Apply', 'Plan'],
      default: 'Apply',
      doc: 'Plan stops after a server-side dry run and writes the changes to status.plan.',
    },
    interval: {
      type: 'string',
      format: 'interval',
      pattern: '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$',
      default: '1h',
      doc: 'How often applied objects are checked for drift, as a Go duration of at least 5s.',
    },
    conflicts: {
      type: 'string',
      enum: ['Fail', 'Force', 'Skip'],
      default: 'Fail',
      doc: 'What to do when another controller owns a field that the templates set: leave the object, take the field, or drop it from what is applied.',
    },
    prune: {
      type: 'object',
      doc: 'Guards removals that come from changed data rather than from a changed spec.',
      fields: {
        enabled: {
          type: 'boolean',
          default: true,
          doc: 'Whether objects that are no longer rendered are removed.',
        },
        allowEmpty: { type: 'boolean', default: false, doc: 'Whether data may remove every object.' },
        maxPercent: {
          type: 'integer',
          minimum: 0,
          maximum: 100,
          default: 30,
          doc: 'Share of the objects that data may remove at once; three always may go.',
        },
      },
    },
    deletionPolicy: {
      type: 'string',
      enum: ['Delete', 'Orphan'],
      default: 'Delete',
      doc: 'What deleting the set does to its objects.',
    },
    timeout: {
      type: 'string',
      format: 'duration',
      pattern: '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$',
      default: '5m',
      doc: 'Time for one evaluation, from the first generator to the last write, as a Go duration.',
    },
    wait: {
      type: 'boolean',
      default: false,
      doc: 'Ready only once the applied objects are ready.',
    },
    dependsOn: {
      type: 'array',
      doc: 'Sets that must be Ready first.',
      maxItems: 100,
      items: {
        type: 'object',
        doc: 'A set.',
        required: ['name'],
        fields: {
          name: { type: 'string', format: 'objectName', doc: 'Name of the set.' },
          namespace: { type: 'string', format: 'namespace', doc: 'Its namespace; without it this set’s.' },
        },
      },
    },
    generators: {
      type: 'array',
      doc: 'Where the elements come from. Templates are rendered for all elements, in this order.',
      maxItems: SPEC_LIMITS.maxGenerators,
      items: GENERATOR_SCHEMA,
    },
    templates: {
      type: 'array',
      doc: 'What is rendered once for every element.',
      maxItems: SPEC_LIMITS.maxTemplates,
      items: {
        type: 'object',
        doc: 'A template of one object, or of several documents.',
        required: ['content'],
        fields: {
          repeat: {
            type: 'string',
            format: 'jsonPath',
            doc: 'Kubernetes JSONPath into the element: the template is rendered once for every value found, as `.Repeat`.',
          },
          content: {
            type: 'anyObject',
            doc: 'The object, with template actions in its keys and texts.',
          },
          apply: {
            type: 'string',
            enum: ['Object', 'Fields'],
            default: 'Object',
            doc: 'Own the object, or only the fields named here on an object that exists.',
          },
          when: {
            type: 'string',
            doc: 'A template expression; where it is false or empty the template is skipped for this element.',
          },
        },
      },
    },
  },
} as const satisfies ObjectSchema
