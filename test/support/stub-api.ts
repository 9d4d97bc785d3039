import type { ReceivedRequest } from '../http/loopback-server.ts'
import { startServer } from '../http/loopback-server.ts'

/** What the stub answers; `hang` takes the request and says nothing. */
export type StubAnswer = { readonly status?: number; readonly body: string } | 'hang'

/** An HTTP API whose answers a test decides, one at a time. */
export interface StubApi extends AsyncDisposable {
  readonly url: string
  /** Everything asked so far. */
  readonly requests: readonly ReceivedRequest[]
  /** From now on answers this, as JSON. */
  json(value: unknown): void
  /** From now on answers this. */
  answer(answer: StubAnswer): void
}

/** Starts a stub that answers an empty list. */
export async function startStubApi(): Promise<StubApi> {
  let current: StubAnswer = { body: '[]' }
  const server = await startServer((_request, response) => {
    if (current === 'hang') return
    response.writeHead(current.status ?? 200, { 'content-type': 'application/json' }).end(current.body)
  })
  return {
    url: `http://127.0.0.1:${server.port}/`,
    requests: server.requests,
    json: (value) => {
      current = { body: JSON.stringify(value) }
    },
    answer: (answer) => {
      current = answer
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
