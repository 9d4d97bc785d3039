import { expect, test } from 'vitest'

import { kustomizeBuild } from './kustomize.ts'

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {memory: 1Mi}\n'

test('patches are applied', async () => {
  const built = await kustomizeBuild({
    'base/map.yaml': CONFIG_MAP,
    'kustomization.yaml':
      'resources: [base/map.yaml]\npatches: [{patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {memory: 2Mi}}"}]\n',
  })
  expect(built).toContain('memory: 2Mi')
})

test('a patch that does not fit is told', async () => {
  const building = kustomizeBuild({
    'kustomization.yaml':
      'patches: [{patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: other}}"}]\nresources: [map.yaml]\n',
    'map.yaml': CONFIG_MAP,
  })
  await expect(building).rejects.toThrow('no resource matches strategic merge patch')
})
