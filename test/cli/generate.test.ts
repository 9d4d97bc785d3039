import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

interface Answer {
  status: number
  body: unknown
  method?: string
  requestBody?: unknown
  headers?: Record<string, string>
}

const root = join(import.meta.dirname, '../conformance/data/render')
const RECORDED_ORIGIN = 'http://127.0.0.1:18099'
const cases = readdirSync(root).filter((name) => existsSync(join(root, name, 'set.yaml')))

/** Answers of the case that is running, by URL. */
let answers: Record<string, Answer> = {}
let server: Server
let origin = ''

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  const found = answers[RECORDED_ORIGIN + (request.url ?? '')]
  const fits =
    found !== undefined &&
    (found.method ?? 'GET') === request.method &&
    (found.requestBody === undefined || JSON.stringify(found.requestBody) === body)
  response.writeHead(fits ? found.status : 404, fits ? found.headers : {})
  const content = fits ? found.body : 'not found'
  response.end(typeof content === 'string' ? content : JSON.stringify(content))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? text : JSON.stringify(JSON.parse(text))
}

async function generate(name: string) {
  const folder = join(root, name)
  const read = (file: string) =>
    JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>
  answers = existsSync(join(folder, 'http.json')) ? (read('http.json') as unknown as typeof answers) : {}
  const meta = existsSync(join(folder, 'meta.json')) ? read('meta.json') : {}
  const generators = Array.isArray(meta['generators'])
    ? ['--enabled-generators', meta['generators'].join(',')]
    : []
  const repository = existsSync(join(folder, 'repo')) ? ['--repository-root', join(folder, 'repo')] : []
  const endpoint = ['--endpoint', `${RECORDED_ORIGIN}=${origin}`]
  return runCli(['generate', join(folder, 'set.yaml'), '-d', ...generators, ...repository, ...endpoint])
}

describe('generate', () => {
  const rendered = cases.filter((name) => existsSync(join(root, name, 'want.yaml')))
  const failing = cases.filter((name) => existsSync(join(root, name, 'want-error.txt')))

  it.each(rendered)('%s', async (name) => {
    const { code, out, err } = await generate(name)
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
    expect(out).toBe(readFileSync(join(root, name, 'want.yaml'), 'utf8'))
  })

  it.each(failing)('%s fails', async (name) => {
    const { code, out, err } = await generate(name)
    expect({ out, code: [2, 3].includes(code) }).toEqual({ out: '', code: true })
    expect(err).toMatch(/set\.yaml:\d+:\d+: /)
  })
})
