import { describe, expect, test } from 'vitest'
import { execCredentials } from '../../src/kube/exec-credentials.ts'
import type { ExecPlugin } from '../../src/kube/exec-credentials.ts'
import { FakeClock } from '../support/fake-clock.ts'

const plugin: ExecPlugin = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: 'get-token',
  args: [],
  env: {},
}

function printing(...outputs: object[]): {
  runs: string[]
  run: (plugin: ExecPlugin, info: string) => Promise<string>
} {
  const runs: string[] = []
  return {
    runs,
    async run(_plugin, info) {
      runs.push(info)
      return JSON.stringify({
        kind: 'ExecCredential',
        status: outputs[Math.min(runs.length, outputs.length) - 1],
      })
    },
  }
}

describe('a credential plugin', () => {
  test('runs once for many, and again shortly before its token expires', async () => {
    const clock = new FakeClock()
    const { runs, run } = printing(
      { token: 'one', expirationTimestamp: new Date(clock.nowMs() + 60_000).toISOString() },
      { token: 'two' },
    )
    const credentials = execCredentials(plugin, clock, run)
    const asked = await Promise.all([credentials.authorization(), credentials.authorization()])
    expect(asked).toEqual(['Bearer one', 'Bearer one'])
    expect(runs).toHaveLength(1)
    await clock.advance(51_000)
    expect(await credentials.authorization()).toBe('Bearer two')
    await clock.advance(3_600_000)
    expect(await credentials.authorization()).toBe('Bearer two')
    expect(runs).toHaveLength(2)
  })

  test('runs again after a 401', async () => {
    const credentials = execCredentials(
      plugin,
      new FakeClock(),
      printing({ token: 'one' }, { token: 'two' }).run,
    )
    await credentials.authorization()
    expect(credentials.renew()).toBe(true)
    expect(await credentials.authorization()).toBe('Bearer two')
  })

  test('may give a certificate', async () => {
    const { run } = printing({ clientCertificateData: 'CERT', clientKeyData: 'KEY' })
    const credentials = execCredentials(plugin, new FakeClock(), run)
    expect(credentials.certificate()).toBeUndefined()
    expect(await credentials.authorization()).toBeUndefined()
    expect(credentials.certificate()).toEqual({ cert: 'CERT', key: 'KEY' })
  })

  test('is told about the cluster where it asks for it', async () => {
    const { runs, run } = printing({ token: 't' })
    await execCredentials(
      { ...plugin, cluster: { server: 'https://x' } },
      new FakeClock(),
      run,
    ).authorization()
    expect(JSON.parse(runs[0]!)).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: 'https://x' } },
    })
  })

  test.each([
    ['prints no JSON', 'hunter2', 'did not print JSON'],
    ['prints no status', '{"hunter2":1}', 'printed no status'],
    ['gives nothing', '{"status":{"hunter2":"x"}}', 'neither token nor certificate'],
  ])('that %s is an error that does not quote it, and is run again', async (_name, output, text) => {
    let runs = 0
    const credentials = execCredentials(plugin, new FakeClock(), async () => {
      runs++
      return output
    })
    for (let i = 1; i <= 2; i++) {
      const error: unknown = await credentials.authorization().catch((reason: unknown) => reason)
      expect((error as Error).message).toContain(text)
      expect((error as Error).message).not.toContain('hunter2')
      expect(runs).toBe(i)
    }
  })

  test('really runs, with its arguments and environment', async () => {
    const script = `
      const { spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO)
      const token = [process.env.OWN, process.argv[1], spec.interactive].join(' ')
      console.log(JSON.stringify({ status: { token } }))`
    const real = {
      ...plugin,
      command: process.execPath,
      args: ['-e', script, 'argument'],
      env: { OWN: 'own' },
    }
    expect(await execCredentials(real, new FakeClock()).authorization()).toBe('Bearer own argument false')
    const failing = { ...real, args: ['-e', 'console.error("hunter2"); process.exit(3)'] }
    await expect(execCredentials(failing, new FakeClock()).authorization()).rejects.toThrow(/failed \(3\)$/)
  })
})
