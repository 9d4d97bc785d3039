import { STATUS_LIMITS } from '../../lib/limits.ts'
import type { ObjectSchema } from './schema.ts'

const time = { type: 'string', format: 'date-time' } as const

/** `status` of a GitOpsSet, for the CRDs and docs/spec.md. What the Go controller wrote fits too. */
export const STATUS_SCHEMA = {
  type: 'object',
  doc: 'What the controller found and did.',
  fields: {
    observedGeneration: { type: 'integer', doc: 'Generation that the status speaks of.' },
    lastHandledReconcileAt: {
      type: 'string',
      doc: 'Value of the annotation reconcile.fluxcd.io/requestedAt that was acted on last.',
    },
    conditions: {
      type: 'array',
      doc: 'Ready, Reconciling, Stalled and PruneBlocked, as kstatus reads them.',
      items: {
        type: 'object',
        doc: 'One aspect of the set.',
        required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
        fields: {
          type: { type: 'string', maxLength: 316, doc: 'Which aspect.' },
          status: { type: 'string', enum: ['True', 'False', 'Unknown'], doc: 'Whether it holds.' },
          reason: { type: 'string', maxLength: 1024, doc: 'Why, in one CamelCase word.' },
          message: { type: 'string', maxLength: 32768, doc: 'Why, for people.' },
          lastTransitionTime: { ...time, doc: 'Since when the status is what it is.' },
          observedGeneration: { type: 'integer', doc: 'Generation that the condition speaks of.' },
        },
      },
    },
    inventory: {
      type: 'object',
      doc: 'The objects that the set owns.',
      required: ['entries'],
      fields: {
        entries: {
          type: 'array',
          doc: 'One entry for each object, in Flux’s form.',
          items: {
            type: 'object',
            doc: 'An object.',
            required: ['id', 'v'],
            fields: {
              id: { type: 'string', doc: 'Its identity: <namespace>_<name>_<group>_<kind>.' },
              v: { type: 'string', doc: 'Its API version, without the group.' },
            },
          },
        },
        fields: {
          type: 'array',
          doc: 'Objects of which the set owns only fields (apply: Fields).',
          items: {
            type: 'object',
            doc: 'An object.',
            required: ['id', 'v'],
            fields: {
              id: { type: 'string', doc: 'Its identity: <namespace>_<name>_<group>_<kind>.' },
              v: { type: 'string', doc: 'Its API version, without the group.' },
            },
          },
        },
      },
    },
    objects: { type: 'integer', doc: 'How many objects the set owns.' },
    nextEvaluation: { ...time, doc: 'When the next generator is due.' },
    generators: {
      type: 'array',
      doc: 'What each generator answered last.',
      items: {
        type: 'object',
        doc: 'A generator.',
        required: ['path', 'kind'],
        fields: {
          path: { type: 'string', doc: 'Its field in the set, for example spec.generators[0].apiClient.' },
          kind: { type: 'string', doc: 'Its kind.' },
          lastEvaluation: { ...time, doc: 'When it was asked last.' },
          nextEvaluation: { ...time, doc: 'When it is due next.' },
          elements: { type: 'integer', doc: 'How many elements it yielded.' },
          warnings: {
            type: 'array',
            doc: 'What its source warned of.',
            items: { type: 'string', doc: 'A warning.' },
          },
          error: { type: 'string', doc: 'Why it gave no answer.' },
        },
      },
    },
    plan: {
      type: 'object',
      doc: 'What applying would change (mode Plan), or what a held prune would remove.',
      required: ['summary', 'hash', 'changes'],
      fields: {
        summary: { type: 'string', doc: 'Counts, for people.' },
        hash: { type: 'string', doc: 'Hash of the changes: the value that confirm-prune wants.' },
        changes: {
          type: 'array',
          doc: `The changes, up to ${STATUS_LIMITS.maxPlanChanges}.`,
          items: {
            type: 'object',
            doc: 'A change of one object.',
            required: ['action', 'object'],
            fields: {
              action: { type: 'string', doc: 'created, configured, deleted, or why not.' },
              object: { type: 'string', doc: 'Which object.' },
              fields: {
                type: 'array',
                doc: 'Which of its fields.',
                items: { type: 'string', doc: 'A field path.' },
              },
            },
          },
        },
      },
    },
    history: {
      type: 'array',
      doc: `The last ${STATUS_LIMITS.maxHistoryEntries} evaluations that changed something.`,
      items: {
        type: 'object',
        doc: 'An evaluation.',
        required: ['time', 'generation', 'digest', 'created', 'updated', 'deleted', 'cause'],
        fields: {
          time: { ...time, doc: 'When.' },
          generation: { type: 'integer', doc: 'Of which generation.' },
          digest: { type: 'string', doc: 'Hash of what was rendered.' },
          created: { type: 'integer', doc: 'Objects created.' },
          updated: { type: 'integer', doc: 'Objects updated.' },
          deleted: { type: 'integer', doc: 'Objects deleted.' },
          cause: { type: 'string', doc: 'What set it off.' },
        },
      },
    },
  },
} as const satisfies ObjectSchema
