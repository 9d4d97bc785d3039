/** An image with its tag; `digest` is empty where the policy does not reflect it. */
export interface ImageRef {
  /** With registry and port, without tag. */
  readonly name: string
  readonly tag: string
  readonly digest: string
}

const DEFAULT_REGISTRY = 'index.docker.io'
const DEFAULT_TAG = 'latest'

/** Reads `name[:tag][@digest]`. A registry's port is not a tag. */
export function parseImage(text: string): ImageRef {
  const [image = '', digest = ''] = text.split('@', 2)
  const colon = image.lastIndexOf(':')
  const hasTag = colon > image.lastIndexOf('/')
  return {
    name: hasTag ? image.slice(0, colon) : image,
    tag: hasTag ? image.slice(colon + 1) : DEFAULT_TAG,
    digest,
  }
}

export function formatImage(image: ImageRef): string {
  const tag = image.tag === '' ? '' : `:${image.tag}`
  const digest = image.digest === '' ? '' : `@${image.digest}`
  return `${image.name}${tag}${digest}`
}

/** The full name: Docker Hub's registry and its `library` are written out, as go-containerregistry does. */
export function repositoryName(image: ImageRef): string {
  const [first = '', ...rest] = image.name.split('/')
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  const registry = isRegistry && first !== 'docker.io' ? first : DEFAULT_REGISTRY
  const path = isRegistry ? rest : [first, ...rest]
  if (registry === DEFAULT_REGISTRY && path.length === 1) path.unshift('library')
  return [registry, ...path].join('/')
}
