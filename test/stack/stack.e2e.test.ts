import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync, rmSync } from 'node:fs'

import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { waitFor } from './poll.ts'
import { createStackFolder } from './stack-folder.ts'
import { startStack, type Stack } from './stack.ts'

interface Deployment {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { resources?: unknown }[] } }
  }
}

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example.com/web:1
          resources: {limits: {memory: 100Mi}}
`

const PATCH = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, resources: {limits: {memory: 360Mi}}}]}}}
`

describe('the whole stack', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await startStack({
      parts: ['controller-manager', 'flux', 'prometheus'],
      ownCluster: true,
      auditLog: true,
    })
  })
  afterAll(async () => stack?.stop())

  test('a Kustomization with a patch lands on a Deployment', async () => {
    const { api } = stack.cluster
    const { revision } = await stack.flux.publishGitRepository({
      namespace: 'default',
      name: 'fleet',
      files: {
        'web/deployment.yaml': DEPLOYMENT,
        'web/kustomization.yaml': 'resources: [deployment.yaml]\n',
      },
    })
    await api.apply('/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/default/kustomizations/web', {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'web' },
      spec: {
        interval: '10m',
        prune: true,
        path: './web',
        targetNamespace: 'default',
        sourceRef: { kind: 'GitRepository', name: 'fleet' },
        patches: [{ patch: PATCH }],
      },
    })
    const deployment = await waitFor('the Deployment', async () =>
      api.find<Deployment>('/apis/apps/v1/namespaces/default/deployments/web'),
    )
    expect(deployment.spec.template.spec.containers[0]?.resources).toEqual({ limits: { memory: '360Mi' } })
    const requested = stack.flux.artifacts.requests.at(-1)
    expect(requested).toContain(revision.replace('main@sha1:', ''))

    const replicaSet = await waitFor('the ReplicaSet that the controller-manager makes', async () => {
      const list = await api.get<{ items: { metadata: { name: string } }[] }>(
        '/apis/apps/v1/namespaces/default/replicasets',
      )
      return list.items[0]
    })
    expect(replicaSet.metadata.name).toMatch(/^web-/)
  })

  test('the audit log names who wrote what', async () => {
    const { api } = stack.cluster
    await api.apply('/api/v1/namespaces/default/configmaps/audited', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'audited' },
    })
    const event = await waitFor('the audit event', () =>
      stack.cluster.readAuditLog().find(({ objectRef }) => objectRef?.name === 'audited'),
    )
    expect(event).toMatchObject({
      verb: 'patch',
      user: { username: 'stack-admin' },
      objectRef: { resource: 'configmaps', namespace: 'default' },
      responseStatus: { code: 201 },
    })
  })

  test('the API server comes back with its data after a kill', async () => {
    const { api, servers } = stack.cluster
    const before = await api.get('/api/v1/namespaces/default')
    await servers!.apiServer.kill()
    await expect(api.get('/api/v1/namespaces/default')).rejects.toThrow()
    await servers!.apiServer.start()
    const after = await api.get('/api/v1/namespaces/default')
    expect(after.metadata.uid).toBe(before.metadata.uid)
  })

  test('Prometheus answers for 30 back-filled days, and for a sample pushed just now', async () => {
    const { prometheus } = stack
    const now = Math.floor(Date.now() / 1000)
    const peakAt = now - 20 * 86_400
    const name = 'container_memory_working_set_bytes'
    const labels = { container: 'web', path: String.raw`C:\a "b"` }
    await prometheus.backfill([{ name, labels, samples: everyTenMinutes(now, peakAt) }])
    expect(await query(prometheus.url, `max_over_time(${name}[30d])`)).toEqual([
      { metric: labels, value: [expect.any(Number), '314572800'] },
    ])
    await prometheus.push([{ name, labels, samples: [[now - 30, 400_000_000]] }])
    expect(await query(prometheus.url, `max_over_time(${name}[30d])`)).toMatchObject([
      { value: [expect.any(Number), '400000000'] },
    ])
  })

  test('a part that was not asked for says so', async () => {
    await using alone = await startStack({ parts: ['prometheus'] })
    expect(() => alone.cluster).toThrow("'kubernetes'")
    await expect(query(alone.prometheus.url, 'vector(1)')).resolves.toHaveLength(1)
  })

  test('stopping leaves no process, not even a paused one', async () => {
    stack.prometheus.server.signal('SIGSTOP')
    expect(processesIn(stack.dir).length).toBeGreaterThanOrEqual(5)
    await stack.stop()
    expect(processesIn(stack.dir)).toEqual([])
  })
})

test('a program that is killed takes its servers along', async () => {
  const script = `
    import { startStack } from ${JSON.stringify(new URL('stack.ts', import.meta.url).href)}
    const stack = await startStack({ parts: ['kubernetes'], ownCluster: true })
    console.log(stack.dir)
    process.kill(process.pid, 'SIGKILL')
  `
  let dir = ''
  try {
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })
  } catch (error) {
    dir = (error as { stdout: string }).stdout.trim()
  }
  expect(dir).toMatch(/gitopsset-stack-/)
  await waitFor('its servers to end', () => processesIn(dir).length === 0, { deadlineMs: 5_000 })
  rmSync(createStackFolder(), { recursive: true })
  expect(existsSync(dir), 'the next start tidies up').toBe(false)
})

function* everyTenMinutes(now: number, peakAt: number): Generator<[number, number]> {
  for (let at = now - 30 * 86_400 + 600; at < now; at += 600) {
    yield [at, Math.abs(at - peakAt) < 300 ? 314_572_800 : 100_000_000]
  }
}

async function query(url: string, expression: string): Promise<unknown> {
  const { body } = await request(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`)
  return ((await body.json()) as { data: { result: unknown } }).data.result
}

/** Ids of running processes whose working folder is the stack's, as that of every server and its supervisor is. */
function processesIn(dir: string): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && workingFolder(pid) === dir)
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}
