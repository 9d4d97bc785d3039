import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantAccount } from '../support/account.ts'
import { useCluster } from '../support/cluster.ts'
import { startController } from '../support/controller-process.ts'
import type { ControllerProcess } from '../support/controller-process.ts'
import { listEvents } from '../support/events.ts'
import { SetRig, configMapTemplate, readyOf } from '../support/set-rig.ts'
import { startStubApi } from '../support/stub-api.ts'
import type { StubApi } from '../support/stub-api.ts'

/** One unique text for every place that can hold a secret. */
const CANARIES = {
  header: 'canaryheader7d1e01',
  configHeader: 'canaryconfigheader7d1e02',
  query: 'canaryquery7d1e03',
  requestBody: 'canaryrequestbody7d1e04',
  responseBody: 'canaryresponsebody7d1e05',
  ca: 'canaryca7d1e06',
  clientKey: 'canaryclientkey7d1e07',
  token: 'canarytoken7d1e08',
  secretData: 'canarysecretdata7d1e09',
  appliedSecret: 'canaryappliedsecret7d1e10',
  userinfo: 'canaryuserinfo7d1e11',
  number: '7318849021771112',
} as const

const cluster = useCluster()
const { api } = cluster
let controller: ControllerProcess
let rig: SetRig
let stub: StubApi

beforeAll(async () => {
  rig = new SetRig(api, await cluster.createNamespace('canary'))
  stub = await startStubApi()
  controller = await startController({
    kubeconfigPath: cluster.kubeconfigPath,
    flags: [`--watch-namespaces=${rig.namespace}`, '--log-level=debug'],
  })
  await putSecret('headers', { 'x-key': CANARIES.header, authorization: `Bearer ${CANARIES.token}` })
  await putSecret('bad-header', { 'x-key': `${CANARIES.header}\u0007` })
  await putSecret('bad-ca', { 'ca.crt': CANARIES.ca })
  await putSecret('bad-key', { 'tls.crt': CANARIES.ca, 'tls.key': CANARIES.clientKey })
  await putSecret('token', { password: CANARIES.token })
  await putSecret('data', {
    password: CANARIES.secretData,
    sentence: `${CANARIES.secretData} is not a label!`,
    number: CANARIES.number,
  })
  await api.apply(rig.configMapPath('headers'), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'headers' },
    data: { 'x-team': CANARIES.configHeader },
  })
  await grantAccount(api, { namespace: rig.namespace, name: 'poor' }, ['get', 'list', 'watch'], ['secrets'])
})

afterAll(async () => {
  await controller?.stop()
  await stub?.[Symbol.asyncDispose]()
  await api.close()
})

async function putSecret(name: string, stringData: Readonly<Record<string, string>>): Promise<void> {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData }
  await api.apply(`/api/v1/namespaces/${rig.namespace}/secrets/${name}`, secret)
}

const ask = (more: object, path = ''): object => ({
  apiClient: { endpoint: `${stub.url}${path}?token=${CANARIES.query}`, interval: '1h', ...more },
})
const config = { config: { kind: 'Secret', name: 'data' } }
const headersRef = { kind: 'Secret', name: 'headers' }
const plain = configMapTemplate('x-{{ .ElementIndex }}', { a: 'b' })

function secretTemplate(fields: object): object {
  return { content: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'applied' }, ...fields } }
}

function deployment(spec: object): object {
  return { content: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'applied' }, spec } }
}

/** Sets that fail, each in another way, with a secret near the place where they do. */
function failingSets(): Record<string, object> {
  const body = { password: CANARIES.requestBody }
  const set = (generator: object, template: object, more: object = {}): object => ({
    generators: [generator],
    templates: [template],
    ...more,
  })
  const leak = CANARIES.appliedSecret
  const https = stub.url.replace('http:', 'https:')
  return {
    'status-500': set(ask({ headersRef, body }, 'status/500'), plain),
    'status-401': set(ask({ headersRef }, 'status/401'), plain),
    'not-json': set(ask({ headersRef }, 'text'), plain),
    'no-list': set(ask({}, 'object'), plain),
    'wrong-path': set(ask({ jsonPath: '{.items[0].nothing.here}' }, 'object'), plain),
    'config-header': set(ask({ headersRef: { kind: 'ConfigMap', name: 'headers' } }, 'status/500'), plain),
    'bad-header': set(ask({ headersRef: { kind: 'Secret', name: 'bad-header' } }), plain),
    'bad-ca': set(
      ask({ endpoint: `${https}?token=${CANARIES.query}`, secretRef: { name: 'bad-ca' } }),
      plain,
    ),
    'bad-key': set(ask({ endpoint: https, secretRef: { name: 'bad-key' } }), plain),
    'plain-http-with-tls': set(ask({ endpoint: `${https}?token=${CANARIES.query}`, headersRef }), plain),
    refused: set(ask({ endpoint: `http://127.0.0.1:1/?token=${CANARIES.query}`, headersRef, body }), plain),
    'no-host': set(ask({ endpoint: `http://no-such.invalid/?token=${CANARIES.query}`, headersRef }), plain),
    timeout: set(ask({ headersRef, timeout: '1s' }, 'hang'), plain),
    'pull-requests': set(
      {
        pullRequests: {
          interval: '1h',
          driver: 'gitlab',
          serverURL: https.replace(/\/$/, ''),
          repo: 'a/b',
          secretRef: { name: 'token' },
        },
      },
      plain,
    ),
    prometheus: set(
      {
        prometheus: {
          endpoint: `${stub.url}status/400`,
          interval: '1h',
          query: `up{token="${CANARIES.query}"}`,
          headersRef,
        },
      },
      plain,
    ),
    'template-fail': set(config, configMapTemplate('x', { a: '{{ fail .Element.password }}' })),
    'template-type': set(config, configMapTemplate('x', { a: '{{ .Element.password.deeper }}' })),
    'template-number': set(config, configMapTemplate('x', { a: '{{ div 1 (int .Element.password) }}' })),
    'template-must': set(config, configMapTemplate('x', { a: '{{ mustFromJson .Element.password }}' })),
    'template-regex': set(
      config,
      configMapTemplate('x', { a: '{{ mustRegexMatch (print "(" .Element.password) "x" }}' }),
    ),
    'template-date': set(config, configMapTemplate('x', { a: '{{ mustToDate "2006" .Element.password }}' })),
    'template-quantity': set(config, configMapTemplate('x', { a: '{{ toMemory .Element.password }}' })),
    'template-yaml': set(config, configMapTemplate('x', { a: 1 as never, b: '{{ .Element.sentence }}' })),
    'secret-bad-base64': set(config, secretTemplate({ data: { password: `${leak}!` } })),
    'secret-bad-type': set(config, secretTemplate({ stringData: { password: [leak] } })),
    'secret-bad-label': set(config, secretTemplate({ metadata: { name: 'y', labels: { a: `${leak} !` } } })),
    'secret-no-rights': set(config, secretTemplate({ stringData: { password: leak } }), {
      serviceAccountName: 'poor',
    }),
    'value-in-label': set(config, configMapTemplate('x', {}, { labels: { a: '{{ .Element.sentence }}' } })),
    'value-in-number': set(config, deployment({ replicas: '{{ .Element.password }}' })),
    'value-in-image': set(
      config,
      deployment({
        selector: { matchLabels: { a: 'b' } },
        template: {
          metadata: { labels: { a: 'b' } },
          spec: { containers: [{ name: '{{ .Element.sentence }}', image: '{{ .Element.password }}' }] },
        },
      }),
    ),
    'value-in-matrix': set(
      {
        matrix: {
          generators: [
            { name: 's', ...config },
            { name: 'l', list: { elements: [{}] } },
          ],
        },
      },
      configMapTemplate('x', {}, { labels: { a: '{{ .Element.s.sentence }}' } }),
    ),
  }
}

describe('secrets on the way through every failure', () => {
  const names: string[] = []

  beforeAll(async () => {
    stub.answer((path) => {
      if (path.startsWith('/hang')) return 'hang'
      const [, status] = /^\/status\/(\d+)/.exec(path) ?? []
      const body = JSON.stringify({ status: 'error', errorType: 'bad_data', error: CANARIES.responseBody })
      if (status !== undefined) return { status: Number(status), body }
      return { body: path.startsWith('/text') ? CANARIES.responseBody : body }
    })
    for (const [name, spec] of Object.entries(failingSets())) {
      await rig.put(name, spec)
      names.push(name)
    }
    // Refused by the API server's schema or by us: the answer must not repeat the password either.
    const endpoint = `http://user:${CANARIES.userinfo}@127.0.0.1:1/`
    await rig.put('userinfo', {
      generators: [{ apiClient: { endpoint, interval: '1h' } }],
      templates: [plain],
    })
    names.push('userinfo')
  })

  it('every one of the sets fails, and says so', async () => {
    for (const name of names) {
      const set = await rig.waitFor(name, 'failed', (found) => readyOf(found)?.status === 'False')
      expect(readyOf(set)?.message).not.toBe('')
    }
    expect(names.length).toBeGreaterThan(30)
  })

  it('none is in a status', async () => {
    const leaks: string[] = []
    for (const name of names) leaks.push(...findLeaks(name, JSON.stringify((await rig.get(name)).status)))
    expect(leaks).toEqual([])
  })

  it('none is in an event', async () => {
    const leaks: string[] = []
    let count = 0
    for (const name of names) {
      const events = await listEvents(api, rig.namespace, name)
      count += events.length
      leaks.push(...findLeaks(name, JSON.stringify(events.map(({ note, reason }) => [note, reason]))))
    }
    expect(leaks).toEqual([])
    expect(count).toBeGreaterThan(20)
  })

  it('none is in the log at its most talkative, or in the metrics', async () => {
    const metrics = await (await fetch(controller.metricsUrl)).text()
    expect(controller.log().length).toBeGreaterThan(5_000)
    const lines = controller.log().split('\n')
    expect(lines.flatMap((line) => findLeaks(line.slice(0, 400), line))).toEqual([])
    expect(findLeaks('metrics', metrics)).toEqual([])
  })
})

/** Which canaries a text holds, as they are, in base64 at any offset, or encoded for URLs. */
function findLeaks(where: string, text: string): string[] {
  const decoded = text.includes('%') ? decodeLoosely(text) : ''
  return Object.entries(CANARIES)
    .filter(([, canary]) => [text, decoded].some((one) => holds(one, canary)))
    .map(([name]) => `${name} in ${where}: ${text.slice(0, 600)}`)
}

function holds(text: string, canary: string): boolean {
  if (text.toLowerCase().includes(canary)) return true
  return [0, 1, 2].some((offset) => {
    const encoded = Buffer.from('_'.repeat(offset) + canary).toString('base64')
    // Without the characters that the neighbours have a part in.
    return text.includes(encoded.slice(offset === 0 ? 0 : 4, -4))
  })
}

function decodeLoosely(text: string): string {
  return text.replace(/%[0-9a-fA-F]{2}/g, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
}
