import { afterAll, describe, expect, it } from 'vitest'
import { useCluster } from '../support/cluster.ts'
import { runCli } from './run-cli.ts'

const cluster = useCluster()
afterAll(async () => cluster.api.close())

const setIn = (namespace: string, name: string) => `apiVersion: sets.gitops.pro/v1alpha1
kind: GitOpsSet
metadata: {name: demo, namespace: ${namespace}}
spec:
  generators: [{config: {kind: ConfigMap, name: ${name}}}]
  templates:
    - content: {apiVersion: v1, kind: ConfigMap, metadata: {name: "{{ .Element.region }}"}}
    - content: {apiVersion: sets.gitops.pro/v1alpha1, kind: GitOpsSet, metadata: {name: child}}
`

describe('render with a cluster', () => {
  const args = ['render', '-', '--kubeconfig', cluster.kubeconfigPath]

  it('reads what generators name, as the user', async () => {
    const namespace = await cluster.createNamespace('cli')
    await cluster.api.create(`/api/v1/namespaces/${namespace}/configmaps`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      data: { region: 'north' },
    })
    const { code, out, err } = await runCli(args, setIn(namespace, 'settings'))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('name: north\n')
    expect(out.match(new RegExp(`^ {2}namespace: ${namespace}$`, 'gm'))).toHaveLength(2)
  })

  it('says what is missing', async () => {
    const namespace = await cluster.createNamespace('cli')
    const { code, out, err } = await runCli(args, setIn(namespace, 'nothing'))
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(err).toContain(`ConfigMap ${namespace}/nothing not found`)
  })

  it('fails clearly without a cluster', async () => {
    const { code, err } = await runCli(['render', '-'], setIn('team', 'settings'))
    expect(code).toBe(3)
    expect(err).toContain('no cluster to talk to')
  })
})
