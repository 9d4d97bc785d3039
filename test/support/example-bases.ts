import { dump, load } from 'js-yaml'

import { kustomizeBuild } from '../stack/kustomize.ts'
import type { RenderedObject } from './example-files.ts'

/** What a workload's manifest in Git looks like before any patch. */
export interface Base {
  readonly kind: 'Deployment' | 'StatefulSet'
  readonly name: string
  /** In order. */
  readonly containers: readonly BaseContainer[]
}

export interface BaseContainer {
  readonly name: string
  readonly image?: string
  readonly resources?: unknown
}

export interface BuiltWorkload {
  readonly spec: {
    readonly replicas?: number
    readonly template: {
      readonly spec: {
        readonly terminationGracePeriodSeconds?: number
        readonly containers: readonly (BaseContainer & { readonly ports?: unknown })[]
      }
    }
  }
}

/** What the real kustomize makes of a base with the patches of a rendered Kustomization, as Flux would. */
export async function buildPatched(kustomization: RenderedObject, base: Base): Promise<BuiltWorkload> {
  const { patches } = kustomization.spec as { patches: unknown }
  const built = await kustomizeBuild({
    'kustomization.yaml': dump({ resources: ['base.yaml'], patches }),
    'base.yaml': dump(toManifest(base)),
  })
  return load(built) as BuiltWorkload
}

function toManifest({ kind, name, containers }: Base): unknown {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: containers.map((container) => ({ image: 'example', ...container })) },
      },
    },
  }
}
