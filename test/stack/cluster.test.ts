import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { connectCluster } from './cluster.ts'
import { readStackEnvironment } from './environment.ts'
import { readKubeconfig, writeKubeconfig } from './kubeconfig.ts'

let dir = ''
let path = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kubeconfig-test-'))
  path = join(dir, 'config')
})
afterEach(() => rmSync(dir, { recursive: true }))

test('a kubeconfig that was written reads the same', () => {
  writeKubeconfig(path, { apiServerUrl: 'https://127.0.0.1:1', ca: 'PEM', token: 't' })
  expect(readKubeconfig(path)).toMatchObject({ apiServerUrl: 'https://127.0.0.1:1', ca: 'PEM', token: 't' })
})

test('client certificates are read from files beside the kubeconfig', () => {
  writeFileSync(join(dir, 'client.crt'), 'CERT')
  writeFileSync(
    path,
    `current-context: kind
contexts: [{name: kind, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: https://127.0.0.1:6443/}}]
users: [{name: u, user: {client-certificate: client.crt, client-key-data: ${btoa('KEY')}}}]
`,
  )
  expect(readKubeconfig(path)).toMatchObject({
    apiServerUrl: 'https://127.0.0.1:6443',
    clientCert: 'CERT',
    clientKey: 'KEY',
    token: undefined,
  })
})

test('a kubeconfig that needs a program to log in is refused', () => {
  writeFileSync(
    path,
    `current-context: cloud
contexts: [{name: cloud, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: https://c.example.com}}]
users: [{name: u, user: {exec: {command: login}}}]
`,
  )
  expect(() => readKubeconfig(path)).toThrow('needs a token or a client certificate')
})

test('a cluster that is not on this machine is used only when that is said', async () => {
  writeKubeconfig(path, { apiServerUrl: 'https://prod.example.com', ca: 'PEM', token: 't' })
  expect(() => connectCluster(path, { allowsRemote: false })).toThrow('GITOPSSET_TEST_CLUSTER=allow')
  await using cluster = connectCluster(path, { allowsRemote: true })
  expect(cluster.servers).toBeUndefined()
})

test('the environment has defaults, and an empty variable counts as unset', () => {
  const environment = readStackEnvironment({
    XDG_CACHE_HOME: '/c',
    KUBECONFIG: '',
    GOPROXY: 'off',
    EMPTY: '',
  })
  expect(environment).toEqual({
    cacheDir: '/c/gitopsset-controller',
    assetsDir: undefined,
    kubeconfigPath: undefined,
    allowsRemoteCluster: false,
    goEnv: { XDG_CACHE_HOME: '/c', GOPROXY: 'off', CGO_ENABLED: '0' },
  })
})
