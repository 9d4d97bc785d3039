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
  /** From now on answers this, or what the function makes of the request's path. */
  answer(answer: StubAnswer | ((path: string) => StubAnswer)): void
}

/** Starts a stub that answers an empty list. */
export async function startStubApi(): Promise<StubApi> {
  let current: (path: string) => StubAnswer = () => ({ body: '[]' })
  const server = await startServer(({ url }, response) => {
    const answer = current(url)
    if (answer === 'hang') return
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(answer.body)
  })
  return {
    url: `http://127.0.0.1:${server.port}/`,
    requests: server.requests,
    json: (value) => {
      current = () => ({ body: JSON.stringify(value) })
    },
    answer: (answer) => {
      current = typeof answer === 'function' ? answer : () => answer
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** One element `{name, value}` for each path, so that sets that ask at paths of their own make objects of their own. */
export function elementOfPath(path: string): StubAnswer {
  return { body: JSON.stringify([{ name: path.slice(1), value: 'x' }]) }
}
