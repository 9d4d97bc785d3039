import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mappedClient, parseEndpointMapping } from '../../src/http/mapped.ts'
import { findRecordedInstantMs, recordingClient, replayClient } from '../../src/http/record.ts'
import type { HttpClient, HttpRequest, HttpResponse } from '../../src/ports.ts'

const REQUEST: HttpRequest = {
  url: 'http://prometheus:9090/api/v1/query',
  method: 'POST',
  headers: { Authorization: 'Bearer canary-token' },
  body: 'query=up&time=1000&timeout=30s',
  tls: { key: 'canary-key' },
  timeoutMs: 1_000,
  maxBytes: 1_000,
  carriesSecret: true,
}

function answering(response: Partial<HttpResponse>): HttpClient & { requests: HttpRequest[] } {
  const requests: HttpRequest[] = []
  return {
    requests,
    send(request) {
      requests.push(request)
      return Promise.resolve({ status: 200, headers: {}, body: '', ...response })
    },
  }
}

describe('recordings', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'recordings-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  async function record(request: HttpRequest, response: Partial<HttpResponse>): Promise<void> {
    await recordingClient(answering(response), { dir, evaluatedAtMs: 1_700_000_000_000 }).send(request)
  }

  async function texts(): Promise<string> {
    const names = await readdir(dir)
    return (await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8')))).join('\n')
  }

  it.each([
    '{"status":"success","data":[1,2.5,"x"]}',
    '{ "spaced": true }',
    '[1.0, 1e5]',
    '{"id":9007199254740993}',
    '"text"',
    'plain',
    '',
    '{"__proto__":{"a":1}}',
  ])('give back the body %s', async (body) => {
    await record(REQUEST, { status: 201, body, headers: { 'content-type': 'application/json' } })
    expect(await replayClient(dir).send(REQUEST)).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json' },
      body,
    })
  })

  it('show JSON as JSON, and no secret', async () => {
    await record(REQUEST, {
      body: '{"data":{"result":[]}}',
      headers: { 'set-cookie': 'canary-cookie', etag: '"1"' },
    })
    const all = await texts()
    expect(all).toContain('"result": []')
    expect(all).toContain('"authorization": "sha256:')
    expect(all).toContain('"etag"')
    expect(all).not.toContain('canary')
  })

  it('tell requests apart', async () => {
    await record(REQUEST, { body: 'one' })
    await record({ ...REQUEST, body: 'query=down&time=1000' }, { body: 'two' })
    await record({ ...REQUEST, headers: { authorization: 'other' } }, { body: 'three' })
    const client = replayClient(dir)
    expect((await client.send(REQUEST)).body).toBe('one')
    expect((await client.send({ ...REQUEST, headers: { AUTHORIZATION: 'other' } })).body).toBe('three')
    await expect(client.send({ ...REQUEST, body: 'query=else' })).rejects.toThrow(
      `no recorded answer for this POST to prometheus:9090 in ${dir}; record it with --record`,
    )
  })

  it('answer a query of another time where only one can be meant', async () => {
    await record(REQUEST, { body: 'then' })
    const later = { ...REQUEST, body: 'query=up&time=2000&timeout=30s' }
    expect((await replayClient(dir).send(later)).body).toBe('then')
    await record({ ...REQUEST, body: 'query=up&time=1500&timeout=30s' }, { body: 'between' })
    await expect(replayClient(dir).send(later)).rejects.toThrow('no recorded answer')
  })

  it('know when they were made', async () => {
    expect(await findRecordedInstantMs(dir)).toBeUndefined()
    await record(REQUEST, {})
    expect(await findRecordedInstantMs(dir)).toBe(1_700_000_000_000)
  })

  it('can be written by hand', async () => {
    const text = '{"request": {"url": "http://x/a"}, "response": {"body": [{"id": 9007199254740993}]}}'
    await writeFile(join(dir, 'mine.json'), text)
    const request: HttpRequest = { ...REQUEST, url: 'http://x/a', method: 'GET', headers: {}, body: '' }
    expect(await replayClient(dir).send(request)).toEqual({
      status: 200,
      headers: {},
      body: '[{"id":9007199254740993}]',
    })
  })

  it.each(['{', '[]', '{"request": {}}'])('that cannot be read are named: %s', async (text) => {
    await writeFile(join(dir, 'bad.json'), text)
    await expect(replayClient(dir).send(REQUEST)).rejects.toThrow('bad.json is not a recording')
  })

  it('need a folder', async () => {
    await expect(replayClient(join(dir, 'none')).send(REQUEST)).rejects.toThrow('cannot read the folder')
  })
})

describe('endpoint mappings', () => {
  it.each([
    [
      'http://prometheus:9090=http://127.0.0.1:9090',
      'http://prometheus:9090/api?q=a%20b',
      'http://127.0.0.1:9090/api?q=a%20b',
    ],
    ['http://p:1/mimir/=https://x/y/', 'http://p:1/mimir/api', 'https://x/y/api'],
    ['http://p:1/mimir=https://x', 'http://p:1/mimir', 'https://x/'],
    ['http://p:1/mimir=https://x', 'http://p:1/mimirror', 'http://p:1/mimirror'],
    ['http://p:1=https://x', 'http://p:2/', 'http://p:2/'],
    ['http://p=https://x', 'http://p:80/a', 'https://x/a'],
  ])('%s maps %s to %s', async (mapping, url, expected) => {
    const inner = answering({})
    await mappedClient(inner, [parseEndpointMapping(mapping)]).send({ ...REQUEST, url })
    expect(URL.parse(inner.requests[0]?.url ?? '')?.href).toBe(expected)
  })

  it('are tried in order', async () => {
    const inner = answering({})
    const mappings = ['http://a=http://one', 'http://a=http://two'].map(parseEndpointMapping)
    await mappedClient(inner, mappings).send({ ...REQUEST, url: 'http://a/' })
    expect(inner.requests[0]?.url).toBe('http://one/')
  })

  it.each([
    'http://a',
    '=http://a',
    'a=http://b',
    'http://a=ftp://b',
    'http://a?x=http://b',
    'http://a=http://b?c',
  ])('refuse %s', (text) => {
    expect(() => parseEndpointMapping(text)).toThrow(/is not/)
  })
})
