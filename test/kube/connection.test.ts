import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../helpers/go/value.ts'
import { AppError } from '../../src/errors.ts'
import { loadConnection } from '../../src/kube/connection.ts'
import type { ConnectionOptions } from '../../src/kube/connection.ts'
import { loadInCluster } from '../../src/kube/kubeconfig.ts'
import { FakeClock } from '../support/fake-clock.ts'

const root = mkdtempSync(join(tmpdir(), 'connection-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'))
})

function write(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

interface ConfigParts {
  readonly cluster?: JsonObject
  readonly user?: JsonObject
  readonly name?: string
}

function kubeconfig({ cluster = {}, user = {}, name = 'main' }: ConfigParts): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name, namespace: `${name}-ns` } }],
    clusters: [{ name, cluster: { server: `https://${name}.example:6443`, ...cluster } }],
    users: [{ name, user }],
  })
}

const options = (rest: Partial<ConnectionOptions>): ConnectionOptions => ({
  env: {},
  clock: new FakeClock(),
  ...rest,
})

function load(parts: ConfigParts, rest: Partial<ConnectionOptions> = {}): ReturnType<typeof loadConnection> {
  return loadConnection(options({ kubeconfigPath: write('config', kubeconfig(parts)), ...rest }))
}

describe('where the cluster is', () => {
  test('--kubeconfig wins over KUBECONFIG, which wins over the home folder', async () => {
    const flag = write('flag', kubeconfig({ name: 'flag' }))
    const env = write('env', kubeconfig({ name: 'env' }))
    mkdirSync(join(folder, '.kube'))
    writeFileSync(join(folder, '.kube', 'config'), kubeconfig({ name: 'home' }))
    const all = { KUBECONFIG: env, HOME: folder }
    expect((await loadConnection(options({ kubeconfigPath: flag, env: all }))).server).toBe(
      'https://flag.example:6443',
    )
    expect((await loadConnection(options({ env: all }))).server).toBe('https://env.example:6443')
    expect((await loadConnection(options({ env: { HOME: folder } }))).server).toBe(
      'https://home.example:6443',
    )
    await expect(loadConnection(options({}))).rejects.toThrow('no cluster to talk to')
  })

  test('several files are merged; the first current context counts, another may be chosen', async () => {
    const paths = [write('one', kubeconfig({ name: 'one' })), write('two', kubeconfig({ name: 'two' }))]
    const env = { KUBECONFIG: paths.join(':') }
    expect((await loadConnection(options({ env }))).namespace).toBe('one-ns')
    expect((await loadConnection(options({ env, context: 'two' }))).server).toBe('https://two.example:6443')
    expect((await loadConnection(options({ env, context: '' }))).namespace).toBe('one-ns')
    await expect(loadConnection(options({ env, context: 'three' }))).rejects.toThrow(
      'no cluster for the context "three"',
    )
  })

  test('a base path stays, a trailing slash does not', async () => {
    expect((await load({ cluster: { server: 'https://rancher.example/k8s/clusters/c-1/' } })).server).toBe(
      'https://rancher.example/k8s/clusters/c-1',
    )
  })

  test.each(['ftp://x', 'nonsense', 'https://user:hunter2@x', ''])(
    'the server %j is refused',
    async (server) => {
      await expect(load({ cluster: { server } })).rejects.toThrow(AppError)
    },
  )

  test.each([
    ['is missing', () => join(folder, 'nope'), 'ENOENT'],
    ['is no YAML', () => write('bad', 'users: [{token: hunter2'), 'not a valid kubeconfig'],
    ['is a list', () => write('list', '- hunter2'), 'kubeconfig'],
    ['is empty', () => write('empty', ''), 'kubeconfig'],
  ])('a file that %s is a clear error, without its contents', async (_name, path, text) => {
    const error: unknown = await loadConnection(options({ kubeconfigPath: path() })).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(AppError)
    expect((error as Error).message).toContain(text)
    expect((error as Error).message).not.toContain('hunter2')
  })
})

describe('who asks', () => {
  test('a token', async () => {
    const { credentials } = await load({ user: { token: 'abc\n' } })
    expect(await credentials.authorization()).toBe('Bearer abc')
    expect(credentials.renew()).toBe(false)
  })

  test('a name and password', async () => {
    const { credentials } = await load({ user: { username: 'u', password: 'p' } })
    expect(await credentials.authorization()).toBe(`Basic ${base64('u:p')}`)
  })

  test('a certificate and authority, as data', async () => {
    const connection = await load({
      cluster: { 'certificate-authority-data': base64('CA'), 'tls-server-name': 'kube' },
      user: { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
    })
    expect(connection.tls()).toEqual({ ca: 'CA', cert: 'CERT', key: 'KEY', serverName: 'kube' })
    expect(await connection.credentials.authorization()).toBeUndefined()
  })

  test('a certificate and authority in files, relative to the kubeconfig, which are rotated', async () => {
    write('ca.crt', 'CA')
    write('tls.crt', 'CERT')
    write('tls.key', 'KEY')
    const connection = await load({
      cluster: { 'certificate-authority': 'ca.crt' },
      user: { 'client-certificate': 'tls.crt', 'client-key': 'tls.key' },
    })
    expect(connection.tls()).toEqual({ ca: 'CA', cert: 'CERT', key: 'KEY' })
    write('ca.crt', 'CA, renewed')
    write('tls.crt', 'CERT, renewed')
    expect(connection.tls()).toEqual({ ca: 'CA, renewed', cert: 'CERT, renewed', key: 'KEY' })
    rmSync(join(folder, 'ca.crt'))
    expect(connection.tls().ca).toBe('CA, renewed')
  })

  test('verification is only left out where the kubeconfig says so', async () => {
    expect((await load({})).tls()).toEqual({})
    expect((await load({ cluster: { 'insecure-skip-tls-verify': true } })).tls()).toEqual({
      skipVerify: true,
    })
  })

  test('nobody may be impersonated by the kubeconfig, nor an auth-provider used', async () => {
    await expect(load({ user: { token: 't', as: 'root' } })).rejects.toThrow('impersonate')
    await expect(load({ user: { 'auth-provider': { name: 'gcp' } } })).rejects.toThrow('auth-provider')
  })
})

describe('in a pod', () => {
  const service = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' }
  const before = { ...process.env }
  afterEach(() => {
    process.env = { ...before }
  })

  test('the mounted token is read again when it changes, and after a 401', async () => {
    const mount = join(folder, 'var/run/secrets/kubernetes.io/serviceaccount')
    mkdirSync(mount, { recursive: true })
    writeFileSync(join(mount, 'token'), 'one\n')
    writeFileSync(join(mount, 'ca.crt'), 'CA')
    writeFileSync(join(mount, 'namespace'), 'system')
    Object.assign(process.env, service)
    const connection = await loadInCluster(options({ env: service }), folder)
    expect(connection).toMatchObject({ server: 'https://10.0.0.1', namespace: 'system' })
    expect(connection.tls()).toEqual({ ca: 'CA' })
    expect(await connection.credentials.authorization()).toBe('Bearer one')

    writeFileSync(join(mount, 'token'), 'three\n')
    expect(await connection.credentials.authorization()).toBe('Bearer three')

    // The same size and times: only a 401 can tell.
    const when = new Date(1_700_000_000_000)
    utimesSync(join(mount, 'token'), when, when)
    await connection.credentials.authorization()
    writeFileSync(join(mount, 'token'), 'seven\n')
    utimesSync(join(mount, 'token'), when, when)
    expect(await connection.credentials.authorization()).toBe('Bearer three')
    expect(connection.credentials.renew()).toBe(true)
    expect(await connection.credentials.authorization()).toBe('Bearer seven')
  })
})
