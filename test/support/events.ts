import type { Api, ApiObject } from '../stack/api.ts'
import { waitFor } from '../stack/poll.ts'

/** An event as the API server keeps it. */
export interface ClusterEvent extends ApiObject {
  readonly type: string
  readonly reason: string
  readonly note: string
  readonly regarding: { readonly name: string; readonly kind: string }
  readonly series?: { readonly count: number }
}

/** All events on a set, oldest first. */
export async function listEvents(api: Api, namespace: string, setName: string): Promise<ClusterEvent[]> {
  const { items } = await api.get<{ items: ClusterEvent[] }>(
    `/apis/events.k8s.io/v1/namespaces/${namespace}/events`,
  )
  return items.filter(({ regarding }) => regarding.kind === 'GitOpsSet' && regarding.name === setName)
}

/** Waits for events with this reason: they are sent beside the work, not within it. */
export function findEvents(
  api: Api,
  namespace: string,
  setName: string,
  reason: string,
): Promise<ClusterEvent[]> {
  return waitFor(`an event ${reason} on ${setName}`, async () => {
    const events = await listEvents(api, namespace, setName)
    const found = events.filter((event) => event.reason === reason)
    return found.length === 0 ? undefined : found
  })
}
