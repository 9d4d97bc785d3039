import { SETS_GROUP } from '../../src/api/group.ts'
import type { Condition, GitOpsSetSpec, GitOpsSetStatus } from '../../src/api/types.ts'
import type { Api, ApiObject } from '../stack/api.ts'
import { waitFor } from '../stack/poll.ts'

const REQUESTED_AT = 'reconcile.fluxcd.io/requestedAt'
/** Long enough for a machine that does other things too. */
const DEADLINE_MS = 60_000
const POLL = { deadlineMs: DEADLINE_MS, intervalMs: 50 }

/** A GitOpsSet as the API server gives it. */
export interface SetObject extends ApiObject {
  readonly metadata: ApiObject['metadata'] & {
    readonly finalizers?: readonly string[]
    readonly deletionTimestamp?: string
  }
  readonly spec: GitOpsSetSpec
  readonly status?: GitOpsSetStatus
}

/** A ConfigMap, the kind that tests let sets render. */
export interface ConfigMapObject extends ApiObject {
  readonly data?: Readonly<Record<string, string>>
}

/** Sets of one namespace, and the ConfigMaps they make there. */
export class SetRig {
  readonly api: Api
  readonly namespace: string
  private readonly group: string
  private requests = 0

  constructor(api: Api, namespace: string, group: string = SETS_GROUP.name) {
    this.api = api
    this.namespace = namespace
    this.group = group
  }

  path(name: string): string {
    return `/apis/${this.group}/v1alpha1/namespaces/${this.namespace}/gitopssets/${name}`
  }

  configMapPath(name: string): string {
    return `/api/v1/namespaces/${this.namespace}/configmaps/${name}`
  }

  /** Creates or replaces a set. The spec is sent as it is, so it may be one that the controller refuses. */
  put(name: string, spec: object, annotations: Readonly<Record<string, string>> = {}): Promise<SetObject> {
    return this.api.apply<SetObject>(this.path(name), {
      apiVersion: `${this.group}/v1alpha1`,
      kind: 'GitOpsSet',
      metadata: { name, namespace: this.namespace, annotations },
      spec,
    })
  }

  get(name: string): Promise<SetObject> {
    return this.api.get<SetObject>(this.path(name))
  }

  annotate(name: string, annotations: Readonly<Record<string, string | null>>): Promise<SetObject> {
    return this.api.patch<SetObject>(this.path(name), { metadata: { annotations } })
  }

  findConfigMap(name: string): Promise<ConfigMapObject | undefined> {
    return this.api.find<ConfigMapObject>(this.configMapPath(name))
  }

  /** Names of the ConfigMaps that the set's labels are on, sorted. */
  async ownedConfigMaps(setName: string): Promise<string[]> {
    const selector = encodeURIComponent(`${this.group}/name=${setName}`)
    const path = `/api/v1/namespaces/${this.namespace}/configmaps?labelSelector=${selector}`
    const { items } = await this.api.get<{ items: ConfigMapObject[] }>(path)
    return items.map((item) => item.metadata.name).sort()
  }

  /** Waits until the set is as `check` wants it. */
  async waitFor(name: string, what: string, check: (set: SetObject) => boolean): Promise<SetObject> {
    let last: SetObject | undefined
    const probe = async (): Promise<SetObject | undefined> => {
      last = await this.get(name)
      return check(last) ? last : undefined
    }
    try {
      return await waitFor(`set ${name} ${what}`, probe, POLL)
    } catch (error) {
      throw new Error(`set ${name} is not ${what}: ${JSON.stringify(last?.status)}`, { cause: error })
    }
  }

  /** Waits until the set is Ready at its present generation. */
  waitReady(name: string): Promise<SetObject> {
    return this.waitFor(
      name,
      'ready',
      (set) => set.status?.observedGeneration === set.metadata.generation && readyOf(set)?.status === 'True',
    )
  }

  /** Waits until the set says Ready=False, for this reason at its present generation. */
  waitFailed(name: string, reason: Condition['reason']): Promise<SetObject> {
    return this.waitFor(name, `failed with ${reason}`, (set) => {
      const ready = readyOf(set)
      return (
        ready?.status === 'False' &&
        ready.reason === reason &&
        ready.observedGeneration === set.metadata.generation
      )
    })
  }

  /** Forces an evaluation and waits until it has been answered. */
  async request(name: string): Promise<SetObject> {
    const requestedAt = `request-${++this.requests}-${Date.now()}`
    await this.annotate(name, { [REQUESTED_AT]: requestedAt })
    return this.waitFor(name, 'answered', (set) => set.status?.lastHandledReconcileAt === requestedAt)
  }

  /** Deletes the set and waits until it is gone. */
  async delete(name: string): Promise<void> {
    await this.api.delete(this.path(name))
    await this.waitGone(name)
  }

  async waitGone(name: string): Promise<void> {
    await waitFor(
      `set ${name} to be gone`,
      async () => (await this.api.find(this.path(name))) === undefined,
      POLL,
    )
  }
}

export function readyOf(set: SetObject): Condition | undefined {
  return conditionOf(set, 'Ready')
}

export function conditionOf(set: SetObject, type: Condition['type']): Condition | undefined {
  return set.status?.conditions?.find((condition) => condition.type === type)
}

/** Ids of the inventory, sorted. */
export function inventoryOf(set: SetObject): string[] {
  return (set.status?.inventory?.entries ?? []).map((entry) => entry.id).sort()
}

/** A template of a ConfigMap; names and values may hold template actions. */
export function configMapTemplate(
  name: string,
  data: Readonly<Record<string, string>>,
  metadata: object = {},
): { content: { apiVersion: string; kind: string; metadata: object; data: object } } {
  return { content: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data } }
}

/** A set with a list generator whose elements become ConfigMaps `<name>` with `data.value`. */
export function listSpec(elements: readonly { name: string; value: string }[]): GitOpsSetSpec {
  return {
    generators: [{ list: { elements: elements.map((element) => ({ ...element })) } }],
    templates: [configMapTemplate('{{ .Element.name }}', { value: '{{ .Element.value }}' })] as NonNullable<
      GitOpsSetSpec['templates']
    >,
  }
}

/** A set that asks an HTTP API for `[{name, value}]` and makes ConfigMaps of it. */
export function apiSpec(endpoint: string, more: object = {}): object {
  return {
    generators: [{ apiClient: { endpoint, interval: '24h', ...more } }],
    templates: [configMapTemplate('{{ .Element.name }}', { value: '{{ .Element.value }}' })],
  }
}
