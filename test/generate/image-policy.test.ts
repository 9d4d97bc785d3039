import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../helpers/go/value.ts'
import { imagePolicyGenerator } from '../../src/generate/image-policy.ts'
import type { Generation } from '../../src/generate/generator.ts'
import { fakeContext, fakeReader } from './fakes.ts'

function generate(status: JsonObject, version = 'v1'): Promise<Generation> {
  const policy = {
    apiVersion: `image.toolkit.fluxcd.io/${version}`,
    kind: 'ImagePolicy',
    metadata: { name: 'web', namespace: 'team' },
    status,
  }
  return imagePolicyGenerator.generate({ policyRef: 'web' }, fakeContext({ reader: fakeReader([policy]) }))
}

describe('imagePolicy', () => {
  it('gives the latest and the previous image', async () => {
    const { elements } = await generate({
      latestRef: { name: 'registry:5000/team/web', tag: 'v2' },
      observedPreviousRef: { name: 'registry:5000/team/web', tag: 'v1' },
    })
    expect(elements).toEqual([
      {
        latestImage: 'registry:5000/team/web:v2',
        image: 'registry:5000/team/web',
        latestTag: 'v2',
        previousImage: 'registry:5000/team/web:v1',
        previousTag: 'v1',
      },
    ])
  })

  it('takes digests', async () => {
    const { elements } = await generate({
      latestRef: { name: 'ghcr.io/t/web', tag: 'v2', digest: 'sha256:abc' },
    })
    expect(elements).toEqual([
      {
        latestImage: 'ghcr.io/t/web:v2@sha256:abc',
        image: 'ghcr.io/t/web',
        latestTag: 'v2',
        previousImage: '',
        previousTag: '',
      },
    ])
  })

  it.each([
    ['registry:5000/web', 'registry:5000/web:latest', 'latest', 'registry:5000/web'],
    ['ghcr.io/t/web:v1@sha256:abc', 'ghcr.io/t/web:v1@sha256:abc', 'v1', 'ghcr.io/t/web'],
    ['nginx:1', 'nginx:1', '1', 'index.docker.io/library/nginx'],
    ['docker.io/t/nginx:1', 'docker.io/t/nginx:1', '1', 'index.docker.io/t/nginx'],
    ['localhost/nginx:1', 'localhost/nginx:1', '1', 'localhost/nginx'],
  ])('reads the text %s of older versions', async (text, latestImage, latestTag, image) => {
    const { elements } = await generate({ latestImage: text }, 'v1beta2')
    expect(elements[0]).toMatchObject({ latestImage, latestTag, image })
  })

  it('waits for a policy that has chosen nothing yet', async () => {
    await expect(generate({})).rejects.toMatchObject({ reason: 'ArtifactNotReady', disposition: 'wait' })
  })

  it('is woken by its policy', () => {
    expect(imagePolicyGenerator.references({ policyRef: 'web' }, 'team')).toEqual([
      {
        group: 'image.toolkit.fluxcd.io',
        version: 'v1',
        kind: 'ImagePolicy',
        namespace: 'team',
        name: 'web',
      },
    ])
  })
})
