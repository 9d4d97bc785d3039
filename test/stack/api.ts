import { Agent, request } from 'undici'

import type { ClusterAccess } from './kubeconfig.ts'

/** An object as the API server gives it; fields beyond these are reached by naming their type at the call. */
export interface ApiObject {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid: string
    readonly resourceVersion: string
    readonly generation?: number
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
}

export interface ApiResponse {
  readonly status: number
  /** Parsed JSON, or text when the answer is not JSON. */
  readonly body: unknown
}

/** Thrown by everything but `request` for an answer of 400 or above. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number

  constructor(what: string, { status, body }: ApiResponse) {
    const message = (body as { message?: string } | null)?.message ?? JSON.stringify(body)
    super(`${what} answered ${status}: ${message}`)
    this.status = status
  }
}

const FIELD_MANAGER = 'test-stack'
const TIMEOUT_MS = 30_000

/** A plain client for setting up and looking at clusters in tests. Deliberately not the product's client: it is the second opinion. */
export class Api implements AsyncDisposable {
  readonly #access: ClusterAccess
  readonly #agent: Agent

  constructor(access: ClusterAccess) {
    this.#access = access
    const { ca, clientCert: cert, clientKey: key } = access
    this.#agent = new Agent({
      connect: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    })
  }

  /** Sends one request; answers of any status are returned. A string is sent as it is, anything else as JSON. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
  ): Promise<ApiResponse> {
    const { apiServerUrl, token } = this.#access
    const response = await request(apiServerUrl + path, {
      dispatcher: this.#agent,
      method: method as 'GET',
      headers: {
        accept: 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': contentType }),
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.body.text()
    return { status: response.statusCode, body: parseJson(text) }
  }

  async get<T = ApiObject>(path: string): Promise<T> {
    return this.#expect<T>('GET', path)
  }

  /** Like `get`, but undefined for 404. */
  async find<T = ApiObject>(path: string): Promise<T | undefined> {
    const response = await this.request('GET', path)
    if (response.status === 404) return undefined
    return accept(`GET ${path}`, response) as T
  }

  async create<T = ApiObject>(path: string, body: unknown): Promise<T> {
    return this.#expect<T>('POST', path, body)
  }

  /** Server-side apply with force, as manager `test-stack`. `path` names the object; `body` is an object or YAML. */
  async apply<T = ApiObject>(path: string, body: unknown): Promise<T> {
    const query = `?fieldManager=${FIELD_MANAGER}&force=true`
    return this.#expect<T>('PATCH', path + query, body, 'application/apply-patch+yaml')
  }

  /** JSON merge patch. */
  async patch<T = ApiObject>(path: string, body: unknown): Promise<T> {
    return this.#expect<T>('PATCH', path, body, 'application/merge-patch+json')
  }

  /** Deletes; an object that is not there is not an error. */
  async delete(path: string): Promise<void> {
    const response = await this.request('DELETE', path)
    if (response.status !== 404) accept(`DELETE ${path}`, response)
  }

  async #expect<T>(method: string, path: string, body?: unknown, contentType?: string): Promise<T> {
    return accept(`${method} ${path}`, await this.request(method, path, body, contentType)) as T
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

function accept(what: string, response: ApiResponse): unknown {
  if (response.status >= 400) throw new ApiError(what, response)
  return response.body
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
