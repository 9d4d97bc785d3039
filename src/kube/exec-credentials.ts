import { execFile } from 'node:child_process'
import { AppError } from '../errors.ts'
import { findPath, isJsonObject, stringField } from '../lib/json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { Clock } from '../ports.ts'
import type { Credentials } from './credentials.ts'

/** A credential plugin as a kubeconfig of the operator names it. Never taken from anybody else's kubeconfig. */
export interface ExecPlugin {
  readonly apiVersion: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** What the plugin is told about the cluster where it asks for it. */
  readonly cluster?: JsonObject
}

/** Runs a command without a shell and resolves to its standard output. */
export type RunPlugin = (plugin: ExecPlugin, info: string) => Promise<string>

const PLUGIN_TIMEOUT_MS = 60_000
const MAX_OUTPUT_BYTES = 1_048_576
/** A token is not used in its last seconds: it must live until the server has read it. */
const EXPIRY_LEEWAY_MS = 10_000

interface Credential {
  readonly authorization: string | undefined
  readonly certificate: { cert: string; key: string } | undefined
  readonly expiresAtMs: number
}

/** Credentials of a plugin, kept until they expire or the server refuses them. Concurrent askers share one run. */
export function execCredentials(plugin: ExecPlugin, clock: Clock, run: RunPlugin = runPlugin): Credentials {
  let current: Credential | undefined
  let running: Promise<Credential> | undefined

  const obtain = async (): Promise<Credential> => {
    if (current !== undefined && clock.nowMs() < current.expiresAtMs - EXPIRY_LEEWAY_MS) return current
    running ??= run(plugin, execInfo(plugin))
      .then((output) => (current = readCredential(plugin, output)))
      .finally(() => (running = undefined))
    return running
  }
  return {
    authorization: async () => (await obtain()).authorization,
    certificate: () => current?.certificate,
    renew() {
      current = undefined
      return true
    },
  }
}

function execInfo(plugin: ExecPlugin): string {
  const cluster = plugin.cluster === undefined ? {} : { cluster: plugin.cluster }
  const spec = { interactive: false, ...cluster }
  return JSON.stringify({ apiVersion: plugin.apiVersion, kind: 'ExecCredential', spec })
}

function readCredential(plugin: ExecPlugin, output: string): Credential {
  const status = findPath(parseOutput(plugin, output), 'status')
  if (!isJsonObject(status)) throw pluginError(plugin, 'printed no status')
  const token = stringField(status, 'token')
  const cert = stringField(status, 'clientCertificateData')
  const key = stringField(status, 'clientKeyData')
  if (token === '' && (cert === '' || key === ''))
    throw pluginError(plugin, 'gave neither token nor certificate')
  const expiresAtMs = Date.parse(stringField(status, 'expirationTimestamp'))
  return {
    authorization: token === '' ? undefined : `Bearer ${token}`,
    certificate: cert === '' ? undefined : { cert, key },
    expiresAtMs: Number.isNaN(expiresAtMs) ? Number.POSITIVE_INFINITY : expiresAtMs,
  }
}

function parseOutput(plugin: ExecPlugin, output: string): JsonValue {
  try {
    return JSON.parse(output) as JsonValue
  } catch {
    // The parser's error quotes what was printed, which may be the token.
    throw pluginError(plugin, 'did not print JSON')
  }
}

function pluginError(plugin: ExecPlugin, what: string): AppError {
  return new AppError('ReconciliationFailed', 'retry', `credential plugin ${plugin.command} ${what}`)
}

function runPlugin(plugin: ExecPlugin, info: string): Promise<string> {
  const options = {
    env: { ...plugin.env, KUBERNETES_EXEC_INFO: info },
    timeout: PLUGIN_TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
    windowsHide: true,
  }
  return new Promise((resolve, reject) => {
    execFile(plugin.command, [...plugin.args], options, (error, stdout) => {
      if (error === null) resolve(stdout)
      else reject(pluginError(plugin, `failed (${error.killed === true ? 'timeout' : String(error.code)})`))
    })
  })
}
