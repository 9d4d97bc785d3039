import type { KubeObject, ObjectWatcher, WatchHandler, WatchTarget } from '../../src/ports.ts'

/** A watch that a test plays the API server for. */
export interface FakeWatch {
  readonly target: WatchTarget
  readonly handler: WatchHandler
  isStopped: boolean
}

export interface FakeWatcher extends ObjectWatcher {
  readonly watches: FakeWatch[]
  /** Those not stopped. */
  open(): FakeWatch[]
}

export function fakeWatcher(): FakeWatcher {
  const watches: FakeWatch[] = []
  return {
    watches,
    open: () => watches.filter((watch) => !watch.isStopped),
    watch(target, handler) {
      const watch: FakeWatch = { target, handler, isStopped: false }
      watches.push(watch)
      return {
        stop: () => {
          watch.isStopped = true
        },
        isFresh: () => !watch.isStopped,
      }
    },
  }
}

export function watched(kind: string, name: string, metadata: KubeObject['metadata'] = {}): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'team', uid: `uid-${name}`, ...metadata } }
}
