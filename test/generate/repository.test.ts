import { describe, expect, it } from 'vitest'
import type { GeneratorEntry, RepositorySpec } from '../../src/api/types.ts'
import { ALL_GENERATORS } from '../../src/generate/entry.ts'
import { findReferences } from '../../src/generate/registry.ts'
import { generateAll, type EntryOutcome } from '../../src/generate/run.ts'
import type { KubeObject } from '../../src/ports.ts'
import { fakeArtifacts, fakeContext, fakeReader, fakeSet } from './fakes.ts'

const DIGEST = `sha256:${'0'.repeat(64)}`
const ARTIFACT = {
  url: 'http://source-controller/fleet.tar.gz',
  digest: DIGEST,
  size: 12,
  revision: 'main@sha1:1',
}

function source(
  kind: string,
  version: string,
  status: KubeObject['metadata'] = { artifact: ARTIFACT },
): KubeObject {
  const apiVersion = `source.toolkit.fluxcd.io/${version}`
  return { apiVersion, kind, metadata: { name: 'fleet', namespace: 'team' }, status }
}

async function run(
  entry: GeneratorEntry,
  files: Record<string, string>,
  objects: KubeObject[] = [source('GitRepository', 'v1')],
): Promise<EntryOutcome> {
  const context = fakeContext({ artifacts: fakeArtifacts(files), reader: fakeReader(objects) })
  const [outcome] = await generateAll(fakeSet([entry]), context, { enabled: ALL_GENERATORS })
  return outcome!
}

function git(spec: Omit<RepositorySpec, 'repositoryRef'>): GeneratorEntry {
  return { gitRepository: { repositoryRef: 'fleet', ...spec } }
}

describe('files', () => {
  it('gives an element per document, of YAML and JSON, in the order of the entries', async () => {
    const outcome = await run(
      git({ files: [{ path: './b.json' }, { path: 'x/../a.yaml' }, { path: 'empty.yaml' }] }),
      {
        'a.yaml': 'k: 1\n---\nk: 2\n---\n',
        'b.json': '{"k": 9007199254740993, "on": "yes"}',
        'empty.yaml': '# nothing\n',
      },
    )
    expect(JSON.stringify(outcome.generation?.elements)).toBe(
      '[{"k":9007199254740993,"on":"yes"},{"k":1},{"k":2},{}]',
    )
  })

  it.each([
    ['nothere.yaml', 'failed to read from archive file "nothere.yaml": no such file'],
    ['../../etc/passwd', 'failed to read from archive file "../../etc/passwd": no such file'],
    ['list.yaml', 'failed to parse archive file "list.yaml": it holds an array, not an object'],
    ['bad.yaml', 'failed to parse archive file "bad.yaml": '],
  ])('refuses %s', async (path, message) => {
    const outcome = await run(git({ files: [{ path }] }), { 'list.yaml': '- a', 'bad.yaml': 'a: [' })
    expect(outcome.error).toMatchObject({
      disposition: 'stall',
      path: 'spec.generators[0].gitRepository.files[0].path',
      message: expect.stringContaining(message) as string,
    })
  })
})

describe('directories', () => {
  const tree = {
    'README.md': '',
    'apps/README.md': '',
    'apps/web/kustomization.yaml': '',
    'apps/api/kustomization.yaml': '',
    'apps/api/base/x.yaml': '',
    'apps/test-load/x.yaml': '',
    'infra/dns/overlays/x.yaml': '',
    'infra/cert/overlays/x.yaml': '',
  }

  it.each<[string, NonNullable<RepositorySpec['directories']>, string[]]>([
    ['directories only, sorted', [{ path: 'apps/*' }], ['./apps/api', './apps/test-load', './apps/web']],
    [
      'by exact exclusion',
      [{ path: 'apps/*' }, { path: './apps/web/', exclude: true }],
      ['./apps/api', './apps/test-load'],
    ],
    [
      'by excluding glob',
      [{ path: 'apps/test-*', exclude: true }, { path: 'apps/*' }],
      ['./apps/api', './apps/web'],
    ],
    [
      'rule by rule, folder by folder',
      [{ path: 'infra/*/overlays' }, { path: 'apps/a*' }],
      ['./infra/cert/overlays', './infra/dns/overlays', './apps/api'],
    ],
    ['each once', [{ path: 'apps/web' }, { path: 'apps/w*' }], ['./apps/web']],
    ['the root', [{ path: '.' }], ['./.']],
    ['nothing above the root', [{ path: '../*' }], ['./apps', './infra']],
    ['nothing', [{ path: 'none/*' }], []],
  ])('%s', async (_what, directories, expected) => {
    const outcome = await run(git({ directories }), tree)
    expect(outcome.generation?.elements.map((element) => element['Directory'])).toEqual(expected)
  })

  it('names the last segment', async () => {
    const outcome = await run(git({ directories: [{ path: 'apps/api' }] }), tree)
    expect(outcome.generation?.elements).toEqual([{ Directory: './apps/api', Base: 'api' }])
  })

  it('refuses a glob that does not end', async () => {
    const outcome = await run(git({ directories: [{ path: 'apps/[a' }] }), tree)
    expect(outcome.error).toMatchObject({
      reason: 'InvalidSpec',
      path: 'spec.generators[0].gitRepository.directories[0].path',
    })
  })
})

describe('the source', () => {
  const entry = git({ files: [{ path: 'a.yaml' }] })

  it.each(['v1', 'v1beta2'])('is read in version %s', async (version) => {
    for (const kind of ['GitRepository', 'OCIRepository'] as const) {
      const spec = { repositoryRef: 'fleet', files: [{ path: 'a.yaml' }] }
      const both = kind === 'GitRepository' ? { gitRepository: spec } : { ociRepository: spec }
      const outcome = await run(both, { 'a.yaml': 'a: 1' }, [source(kind, version)])
      expect(outcome.generation?.elements).toEqual([{ a: 1 }])
    }
  })

  it.each<[string, KubeObject[], object]>([
    [
      'missing',
      [],
      { message: 'GitRepository team/fleet not found', disposition: 'wait', reason: 'GeneratorFailed' },
    ],
    [
      'without artifact',
      [source('GitRepository', 'v1', {})],
      {
        message: 'no artifact for GitRepository team/fleet yet',
        disposition: 'wait',
        reason: 'ArtifactNotReady',
      },
    ],
    [
      'without digest',
      [source('GitRepository', 'v1', { artifact: { url: 'http://x/' } })],
      {
        message: expect.stringContaining('no digest') as string,
        disposition: 'wait',
        reason: 'ArtifactNotReady',
      },
    ],
  ])('%s is waited for', async (_what, objects, expected) => {
    expect((await run(entry, {}, objects)).error).toMatchObject(expected)
  })

  it('is downloaded once for all entries that read it', async () => {
    const artifacts = fakeArtifacts({ 'a.yaml': 'a: 1', 'apps/web/x': '' })
    const context = fakeContext({ artifacts, reader: fakeReader([source('GitRepository', 'v1')]) })
    const entries = [entry, git({ directories: [{ path: 'apps/*' }] }), { matrix: { generators: [entry] } }]
    const outcomes = await generateAll(fakeSet(entries), context, { enabled: ALL_GENERATORS })
    expect(outcomes.map((outcome) => outcome.generation?.elements.length)).toEqual([1, 1, 1])
    expect(artifacts.fetched).toEqual([{ url: ARTIFACT.url, digest: DIGEST, size: 12 }])
  })

  it('is a reference of the set', () => {
    expect(findReferences([entry], 'team')).toEqual([
      {
        group: 'source.toolkit.fluxcd.io',
        version: 'v1',
        kind: 'GitRepository',
        namespace: 'team',
        name: 'fleet',
      },
    ])
  })

  it('is useless without files and directories', async () => {
    expect((await run(git({}), {})).error).toMatchObject({
      reason: 'InvalidSpec',
      message: 'needs files or directories',
    })
  })
})
