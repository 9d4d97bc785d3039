import { describe, expect, it } from 'vitest'
import { ReferenceWatches } from '../../src/controller/reference-watches.ts'
import type { WatchedReference } from '../../src/controller/reference-watches.ts'
import type { KubeObject, ObjectKey } from '../../src/ports.ts'
import { silentLog } from '../generate/fakes.ts'
import { fakeWatcher, watched } from './fake-watcher.ts'

function newWatches() {
  const watcher = fakeWatcher()
  const changes: string[] = []
  const watches = new ReferenceWatches({
    watcher,
    log: silentLog,
    onChange: (key) => changes.push(`${key.kind}/${key.namespace}/${key.name}`),
  })
  return { watcher, changes, watches }
}

const secret = (name: string): ObjectKey => ({
  group: '',
  version: 'v1',
  kind: 'Secret',
  namespace: 'team',
  name,
})
const repository: ObjectKey = {
  group: 'source.toolkit.fluxcd.io',
  version: 'v1',
  kind: 'GitRepository',
  namespace: 'team',
  name: 'fleet',
}
const as = (key: ObjectKey, name?: string): WatchedReference => ({
  key,
  account: name === undefined ? undefined : { namespace: 'team', name },
})

describe('watches of what sets read', () => {
  it('Secrets are watched one by one, by metadata, as the account that reads them', () => {
    const { watcher, watches } = newWatches()
    watches.update([as(secret('a'), 'reader'), as(secret('a')), as(secret('a'), 'reader')])
    expect(watcher.open().map(({ target }) => target)).toEqual([
      {
        group: '',
        version: 'v1',
        kind: 'Secret',
        namespace: 'team',
        name: 'a',
        metadataOnly: true,
        identity: { kind: 'serviceAccount', namespace: 'team', name: 'reader' },
      },
      { group: '', version: 'v1', kind: 'Secret', namespace: 'team', name: 'a', metadataOnly: true },
    ])
  })

  it('Flux’s kinds are watched as a whole, once', () => {
    const { watcher, watches } = newWatches()
    watches.update([as(repository, 'a'), as({ ...repository, name: 'other' }, 'b')])
    expect(watcher.open().map(({ target }) => target)).toEqual([
      { group: 'source.toolkit.fluxcd.io', version: 'v1', kind: 'GitRepository' },
    ])
  })

  it('stay open while somebody reads, and are closed then', () => {
    const { watcher, watches } = newWatches()
    watches.update([as(secret('a')), as(secret('b'))])
    watches.update([as(secret('b'))])
    expect(watcher.watches).toHaveLength(2)
    expect(watcher.open().map(({ target }) => target.name)).toEqual(['b'])
    watches.stop()
    expect(watcher.open()).toEqual([])
  })

  it('tell of changes, not of what was there at the start, nor of the same again', () => {
    const { watcher, watches, changes } = newWatches()
    watches.update([as(secret('a'))])
    const { handler } = watcher.open()[0] ?? { handler: undefined }
    handler?.onChange(watched('Secret', 'a', { resourceVersion: '1' }))
    handler?.onSynced?.()
    handler?.onChange(watched('Secret', 'a', { resourceVersion: '1' }))
    expect(changes).toEqual([])
    handler?.onChange(watched('Secret', 'a', { resourceVersion: '2' }))
    handler?.onDelete(watched('Secret', 'a', { resourceVersion: '2' }))
    handler?.onChange(watched('Secret', 'a', { resourceVersion: '3' }))
    expect(changes).toEqual(['Secret/team/a', 'Secret/team/a', 'Secret/team/a'])
  })

  it('see a new revision, but not how the source’s controller is doing', () => {
    const { watcher, watches, changes } = newWatches()
    watches.update([as(repository)])
    const { handler } = watcher.open()[0] ?? { handler: undefined }
    const source = (revision: string, conditions: string): KubeObject => ({
      ...watched('GitRepository', 'fleet', { resourceVersion: conditions }),
      spec: { url: 'x' },
      status: { artifact: { revision }, conditions, observedGeneration: 1 },
    })
    handler?.onChange(source('1', 'a'))
    handler?.onSynced?.()
    handler?.onChange(source('1', 'b'))
    expect(changes).toEqual([])
    handler?.onChange(source('2', 'b'))
    expect(changes).toEqual(['GitRepository/team/fleet'])
  })

  it('are bounded', () => {
    const { watcher, watches } = newWatches()
    watches.update(Array.from({ length: 600 }, (_, index) => as(secret(`s${index}`))))
    expect(watcher.open()).toHaveLength(500)
  })
})
