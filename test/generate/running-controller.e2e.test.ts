import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_COALESCE } from '../../src/http/coalesce.ts'
import { startServer, type LoopbackServer } from '../http/loopback-server.ts'
import { installCrds } from '../stack/crds.ts'
import { startStack, type Stack } from '../stack/stack.ts'
import { startController, type ControllerProcess } from '../support/controller-process.ts'
import { apiSpec, configMapTemplate, readyOf, SetRig } from '../support/set-rig.ts'
import { startStubApi, type StubApi } from '../support/stub-api.ts'

const CRDS = join(import.meta.dirname, '..', '..', 'crds')
const NAMESPACE = 'flux-system'

describe('the generators of a running controller', () => {
  let stack: Stack
  let stub: StubApi
  let notifications: LoopbackServer
  let controller: ControllerProcess
  let rig: SetRig

  beforeAll(async () => {
    stack = await startStack({ parts: ['flux'] })
    stub = await startStubApi()
    notifications = await startServer((_request, response) => void response.writeHead(202).end())
    const { api, kubeconfigPath } = stack.cluster
    await installCrds(api, CRDS)
    controller = await startController({
      kubeconfigPath,
      flags: [
        '--max-response-bytes=200',
        '--max-archive-download-size=2000',
        '--max-archive-untar-size=5000',
        `--events-addr=http://127.0.0.1:${notifications.port}/`,
      ],
    })
    rig = new SetRig(api, NAMESPACE)
  })

  afterAll(async () => {
    await controller?.stop()
    await notifications?.[Symbol.asyncDispose]()
    await stub?.[Symbol.asyncDispose]()
    await stack?.stop()
  })

  async function putRepository(name: string, text: string): Promise<void> {
    await stack.flux.publishGitRepository({
      namespace: NAMESPACE,
      name,
      files: { 'a.yaml': `text: ${text}\n` },
    })
    const gitRepository = { repositoryRef: name, files: [{ path: 'a.yaml' }] }
    const template = configMapTemplate(name, { chars: '{{ len .Element.text }}' })
    await rig.put(name, { generators: [{ gitRepository }], templates: [template] })
  }

  it('obey --max-response-bytes, and tell --events-addr', async () => {
    const fitting = { name: 'fitting', value: 'x' }
    stub.json([fitting])
    await rig.put('answer', apiSpec(stub.url))
    await rig.waitReady('answer')
    stub.json([{ ...fitting, value: 'x'.repeat(200) }])
    await rig.put('answer', apiSpec(stub.url, { timeout: '20s' }))
    const failed = await rig.waitFailed('answer', 'GeneratorFailed')
    expect(readyOf(failed)?.message).toContain('the answer is larger than 200 bytes')
    await expect
      .poll(() => notifications.requests.map(({ body }) => body).join('\n'))
      .toContain('larger than 200 bytes')
  })

  it('obey --max-archive-download-size and --max-archive-untar-size', async () => {
    await putRepository('fits', 'x'.repeat(3_000))
    await rig.waitReady('fits')
    expect(await rig.findConfigMap('fits')).toMatchObject({ data: { chars: '3000' } })
    await putRepository('packed', randomBytes(2_500).toString('hex'))
    const packed = await rig.waitFailed('packed', 'ArtifactNotReady')
    expect(readyOf(packed)?.message).toContain('is larger than 2000 bytes')
    await putRepository('unpacked', 'x'.repeat(6_000))
    const unpacked = await rig.waitFailed('unpacked', 'ArtifactNotReady')
    expect(readyOf(unpacked)?.message).toContain('unpacks to more than 5000 bytes')
  })

  it('do not ask again at once for data that is insufficient', async () => {
    stub.json([{ name: 'kept', value: 'x' }])
    await rig.put('thin', apiSpec(stub.url))
    await rig.waitReady('thin')
    stub.json([])
    // Sets that ask the same within a second share the answer.
    await sleep(DEFAULT_COALESCE.windowMs + 100)
    await rig.request('thin')
    await rig.waitFailed('thin', 'InsufficientData')
    const asked = stub.requests.length
    // Backoff after a fault would have asked within two seconds.
    await sleep(4_000)
    expect(stub.requests).toHaveLength(asked)
    expect(await rig.findConfigMap('kept')).toMatchObject({ data: { value: 'x' } })
  })
})
