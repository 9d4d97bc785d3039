import { HelperError } from '../define.ts'
import { bindMethod } from './method.ts'
import type { HostMethod, Value } from './value.ts'
import { GoInt, HostValue } from './value.ts'

const maxVersionLength = 256
const maxUint64 = 2n ** 64n - 1n

interface VersionParts {
  readonly major: bigint
  readonly minor: bigint
  readonly patch: bigint
  readonly prerelease: string
  readonly metadata: string
}

/** A version as github.com/Masterminds/semver/v3 has it. Immutable. */
export class SemanticVersion extends HostValue {
  readonly typeName: '*semver.Version' | 'semver.Version'
  readonly kind: 'ptr' | 'struct'
  readonly parts: VersionParts
  readonly original: string

  constructor(parts: VersionParts, original: string, isPointer: boolean) {
    super()
    this.typeName = isPointer ? '*semver.Version' : 'semver.Version'
    this.kind = isPointer ? 'ptr' : 'struct'
    this.parts = parts
    this.original = original
  }

  override toGoString(): string {
    const { major, minor, patch, prerelease, metadata } = this.parts
    const suffix = (prerelease === '' ? '' : `-${prerelease}`) + (metadata === '' ? '' : `+${metadata}`)
    return `${major}.${minor}.${patch}${suffix}`
  }

  override method(name: string): HostMethod | undefined {
    const [arity, call] = versionMethods.get(name) ?? []
    if (arity === undefined || call === undefined) return undefined
    return bindMethod(name, arity, (args) => call(this, args))
  }

  /** Another version that keeps the leading `v` of this one's text. */
  with(changes: Partial<VersionParts>): SemanticVersion {
    const parts = { ...this.parts, ...changes }
    const prefix = this.original.startsWith('v') ? 'v' : ''
    const changed = new SemanticVersion(parts, '', false)
    return new SemanticVersion(parts, prefix + changed.toGoString(), false)
  }
}

const versionText =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/

/** Reads a version; `v1`, `1.2` and leading zeros are accepted. @throws HelperError with the Go library's text. */
export function parseVersion(text: string): SemanticVersion {
  if (text.length > maxVersionLength) {
    throw new HelperError(`version string is too long (max ${maxVersionLength} bytes)`)
  }
  const match = versionText.exec(text)
  if (match === null) throw new HelperError('invalid semantic version')
  const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = match
  checkPrerelease(prerelease)
  const numbers = { major: segment(major), minor: segment(minor), patch: segment(patch) }
  return new SemanticVersion({ ...numbers, prerelease, metadata }, text, true)
}

function segment(digits: string): bigint {
  const value = BigInt(digits)
  if (value > maxUint64) throw new HelperError(`error parsing version segment: ${digits} is out of range`)
  return value
}

function checkPrerelease(prerelease: string): void {
  if (/(?:^|\.)0[0-9]+(?:\.|$)/.test(prerelease)) throw new HelperError('version segment starts with 0')
}

/** Precedence by the rules of semver.org: -1, 0 or 1. Metadata does not count. */
export function compareVersions({ parts: left }: SemanticVersion, { parts: right }: SemanticVersion): number {
  for (const key of ['major', 'minor', 'patch'] as const) {
    if (left[key] !== right[key]) return left[key] < right[key] ? -1 : 1
  }
  if (left.prerelease === right.prerelease) return 0
  if (left.prerelease === '') return 1
  return right.prerelease === '' ? -1 : comparePrereleases(left.prerelease, right.prerelease)
}

export function comparePrereleases(left: string, right: string): number {
  const leftParts = left.split('.')
  const rightParts = right.split('.')
  for (let at = 0; at < Math.max(leftParts.length, rightParts.length); at++) {
    const order = comparePrereleaseParts(leftParts[at] ?? '', rightParts[at] ?? '')
    if (order !== 0) return order
  }
  return 0
}

/** Missing parts come first, then numbers, then words. */
function comparePrereleaseParts(left: string, right: string): number {
  if (left === right) return 0
  if (left === '' || right === '') return left === '' ? -1 : 1
  const leftNumber = findNumber(left) ?? maxUint64 + 1n
  const rightNumber = findNumber(right) ?? maxUint64 + 1n
  if (leftNumber !== rightNumber) return leftNumber < rightNumber ? -1 : 1
  return left < right ? -1 : 1
}

function findNumber(text: string): bigint | undefined {
  if (!/^[0-9]{1,20}$/.test(text)) return undefined
  const value = BigInt(text)
  return value > maxUint64 ? undefined : value
}

type VersionMethod = readonly [
  arity: number,
  call: (version: SemanticVersion, args: readonly Value[]) => Value,
]

const uint64 = (value: bigint): GoInt => new GoInt('uint64', value)

/** A method that says how the version compares to its argument. */
const compares = (decide: (order: number) => Value): VersionMethod => [
  1,
  (version, [other]) => decide(compareVersions(version, versionArgument(other))),
]

const versionMethods: ReadonlyMap<string, VersionMethod> = new Map<string, VersionMethod>([
  ['Major', [0, ({ parts }) => uint64(parts.major)]],
  ['Minor', [0, ({ parts }) => uint64(parts.minor)]],
  ['Patch', [0, ({ parts }) => uint64(parts.patch)]],
  ['Prerelease', [0, ({ parts }) => parts.prerelease]],
  ['Metadata', [0, ({ parts }) => parts.metadata]],
  ['Original', [0, ({ original }) => original]],
  ['String', [0, (version) => version.toGoString()]],
  ['IncPatch', [0, incrementPatch]],
  ['IncMinor', [0, incrementMinor]],
  ['IncMajor', [0, incrementMajor]],
  ['SetPrerelease', [1, setPrerelease]],
  ['SetMetadata', [1, setMetadata]],
  ['Compare', compares((order) => BigInt(order))],
  ['Equal', compares((order) => order === 0)],
  ['LessThan', compares((order) => order < 0)],
  ['LessThanEqual', compares((order) => order <= 0)],
  ['GreaterThan', compares((order) => order > 0)],
  ['GreaterThanEqual', compares((order) => order >= 0)],
])

const released = { prerelease: '', metadata: '' } as const

/** A pre-release becomes the release itself. */
function incrementPatch(version: SemanticVersion): SemanticVersion {
  const { patch, prerelease } = version.parts
  return version.with({ ...released, patch: prerelease === '' ? increment(patch) : patch })
}

function incrementMinor(version: SemanticVersion): SemanticVersion {
  return version.with({ ...released, minor: increment(version.parts.minor), patch: 0n })
}

function incrementMajor(version: SemanticVersion): SemanticVersion {
  return version.with({ ...released, major: increment(version.parts.major), minor: 0n, patch: 0n })
}

function increment(value: bigint): bigint {
  if (value === maxUint64) throw new HelperError('version increment would overflow uint64')
  return value + 1n
}

function setPrerelease(version: SemanticVersion, [value]: readonly Value[]): SemanticVersion {
  const prerelease = identifiers(value, 'prerelease')
  checkPrerelease(prerelease)
  return version.with({ prerelease })
}

function setMetadata(version: SemanticVersion, [value]: readonly Value[]): SemanticVersion {
  return version.with({ metadata: identifiers(value, 'metadata') })
}

/** Identifiers separated by dots, or nothing. */
function identifiers(value: Value | undefined, what: string): string {
  if (typeof value !== 'string') throw new HelperError('expected string')
  if (value.length > maxVersionLength) throw new HelperError(`${what} string is too long`)
  if (value !== '' && !/^[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*$/.test(value)) {
    throw new HelperError(`invalid ${what} string`)
  }
  return value
}

function versionArgument(value: Value | undefined): SemanticVersion {
  if (value instanceof SemanticVersion) return value
  throw new HelperError('expected a *semver.Version, such as semver gives')
}
