/** A resource of the API server as a URL path says it. Where `namespace` or `name` are absent, all are meant. */
export interface ResourceTarget {
  readonly group: string
  readonly version: string
  /** The resource's name in paths, from discovery: never text of a tenant. */
  readonly plural: string
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
}

/** A document about the kinds that the server serves. */
export interface ServerTarget {
  readonly serverPath: '/api' | '/apis'
}

export type Target = ResourceTarget | ServerTarget

const MAX_SEGMENT_LENGTH = 1024

/** A text that cannot be one segment of a path. No request was made. */
export class InvalidPathError extends Error {
  constructor(what: string, value: string, why: string) {
    super(`${what} ${JSON.stringify(value.slice(0, 80))} cannot be used in an API path: ${why}`)
    this.name = 'InvalidPathError'
  }
}

/**
 * The path of a request. Every segment is checked as the Kubernetes clients do (`.`, `..`, `/`, `%` and empty are refused),
 * because `DELETE …/configmaps/` removes a whole collection and `…/configmaps/..` the namespace. Case is kept.
 */
export function targetPath(target: Target): string {
  const path = 'serverPath' in target ? target.serverPath : resourcePath(target)
  if (new URL(path, 'https://server').pathname !== path) {
    throw new InvalidPathError('path', path, 'it changes when it is parsed as a URL')
  }
  return path
}

function resourcePath(target: ResourceTarget): string {
  const segments = target.group === '' ? ['api'] : ['apis', segment('group', target.group)]
  segments.push(segment('version', target.version))
  if (target.namespace !== undefined) segments.push('namespaces', segment('namespace', target.namespace))
  segments.push(segment('resource', target.plural))
  if (target.name !== undefined) segments.push(segment('name', target.name))
  if (target.subresource !== undefined) segments.push(segment('subresource', target.subresource))
  return `/${segments.join('/')}`
}

function segment(what: string, value: string): string {
  const problem = findSegmentProblem(value)
  if (problem !== undefined) throw new InvalidPathError(what, value, problem)
  return encodeURIComponent(value)
}

function findSegmentProblem(value: string): string | undefined {
  if (value === '') return 'it is empty'
  if (value === '.' || value === '..') return 'it names another path'
  if (/[/\\%]/.test(value)) return 'it contains "/", "\\" or "%"'
  if (/[\p{Cc}\p{Cs}\s]/u.test(value)) return 'it contains a space or a control character'
  if (value.length > MAX_SEGMENT_LENGTH) return `it is longer than ${MAX_SEGMENT_LENGTH} characters`
  return undefined
}

/** For messages: `deployments.apps "ns/name"`. */
export function describeTarget(target: Target): string {
  if ('serverPath' in target) return target.serverPath
  const resource = [target.plural, target.group].filter((part) => part !== '').join('.')
  const full = target.subresource === undefined ? resource : `${resource}/${target.subresource}`
  const object = [target.namespace, target.name].filter((part) => part !== undefined).join('/')
  return object === '' ? full : `${full} "${object}"`
}

/** Answers about Secrets may quote them: no text of the server is passed on. */
export function isConfidential(target: Target): boolean {
  return 'plural' in target && target.group === '' && target.plural === 'secrets'
}
