import { HelperError } from '../define.ts'
import { quoteString } from './quote.ts'
import type { SemanticVersion } from './semver.ts'
import { comparePrereleases, compareVersions, parseVersion } from './semver.ts'

const maxConstraintLength = 512
const maxGroups = 32

/** One comparison, such as `>=1.2`. */
interface Constraint {
  readonly operator: Operator
  readonly version: SemanticVersion
  /** The largest part that the text leaves open: `1.2` leaves the patch open, `*` everything. */
  readonly open: 'nothing' | 'patch' | 'minor' | 'major'
}

type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | '~' | '^'

/**
 * Whether a version satisfies a constraint, by the rules of github.com/Masterminds/semver/v3: comparisons joined by
 * comma or space must all hold, of groups joined by `||` one; pre-releases count only for groups that name one.
 * @throws HelperError with the Go library's text.
 */
export function parseConstraint(text: string): (version: SemanticVersion) => boolean {
  if (text.length > maxConstraintLength) {
    throw new HelperError(`constraint string is too long (max ${maxConstraintLength} bytes)`)
  }
  const groups = rewriteRanges(text).split('||')
  if (groups.length > maxGroups) throw new HelperError(`too many constraint groups (max ${maxGroups})`)
  const parsed = groups.map(parseGroup)
  return (version) => parsed.some((group) => satisfiesAll(version, group))
}

const versionPattern =
  'v?[0-9|xX*]+(?:\\.[0-9|xX*]+)?(?:\\.[0-9|xX*]+)?(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?'
const rangePattern = new RegExp(`(${versionPattern})\\s+-\\s+(${versionPattern})`, 'g')
const comparison = new RegExp(`\\s*(!=|>=|=>|<=|=<|~>|=|>|<|~|\\^|)\\s*(${versionPattern})`, 'y')
const separator = /\s*,|\s+(?=[^\s,])/y

/** `1.2 - 1.4` means `>= 1.2, <= 1.4`. */
function rewriteRanges(text: string): string {
  return text.replace(rangePattern, '>= $1, <= $2 ')
}

function parseGroup(text: string): Constraint[] {
  const constraints: Constraint[] = []
  let at = 0
  while (at === 0 || at < text.length) {
    if (at > 0) at = skip(text, separator, at) ?? improper(text)
    comparison.lastIndex = at
    const match = comparison.exec(text)
    if (match === null) return improper(text)
    const [all, operator = '', version = ''] = match
    constraints.push(toConstraint(operator, version))
    at += all.length
    if (text.slice(at).trim() === '') break
  }
  return constraints
}

/** Where the sticky pattern's match at `at` ends. */
function skip(text: string, pattern: RegExp, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

function improper(text: string): never {
  throw new HelperError(`improper constraint: ${quoteString(text)}`)
}

const otherSpellings: ReadonlyMap<string, Operator> = new Map([
  ['', '='],
  ['=>', '>='],
  ['=<', '<='],
  ['~>', '~'],
])

function toConstraint(operatorText: string, text: string): Constraint {
  const operator = otherSpellings.get(operatorText) ?? (operatorText as Operator)
  const [release = '', prerelease = ''] = splitPrerelease(text)
  const [major = '', minor = '', patch = ''] = release.replace(/^v/, '').split('.')
  if (isOpen(major)) return { operator, version: constraintVersion(`0.0.0${prerelease}`), open: 'major' }
  if (isOpen(minor)) {
    return { operator, version: constraintVersion(`${major}.0.0${prerelease}`), open: 'minor' }
  }
  if (isOpen(patch)) {
    return { operator, version: constraintVersion(`${major}.${minor}.0${prerelease}`), open: 'patch' }
  }
  return { operator, version: constraintVersion(text), open: 'nothing' }
}

/** The release, and the pre-release with its hyphen. */
function splitPrerelease(text: string): string[] {
  const withoutMetadata = text.replace(/\+.*$/, '')
  const at = withoutMetadata.indexOf('-')
  return at < 0 ? [withoutMetadata] : [withoutMetadata.slice(0, at), withoutMetadata.slice(at)]
}

function isOpen(part: string): boolean {
  return part === '' || part === 'x' || part === 'X' || part === '*'
}

function constraintVersion(text: string): SemanticVersion {
  try {
    return parseVersion(text)
  } catch (error) {
    if (error instanceof HelperError) throw new HelperError('constraint parser error')
    throw error
  }
}

function satisfiesAll(version: SemanticVersion, group: readonly Constraint[]): boolean {
  const wantsPrereleases = group.some((constraint) => constraint.version.parts.prerelease !== '')
  if (version.parts.prerelease !== '' && !wantsPrereleases) return false
  return group.every((constraint) => checks[constraint.operator](version, constraint))
}

type Check = (version: SemanticVersion, constraint: Constraint) => boolean

const checks: Readonly<Record<Operator, Check>> = {
  '=': (version, constraint) =>
    constraint.open === 'nothing'
      ? compareVersions(version, constraint.version) === 0
      : isNear(version, constraint),
  '!=': differs,
  '>': isGreater,
  '>=': (version, constraint) => compareVersions(version, constraint.version) >= 0,
  '<': (version, constraint) => compareVersions(version, constraint.version) < 0,
  '<=': isAtMost,
  '~': isNear,
  '^': isCompatible,
}

function differs(version: SemanticVersion, { version: other, open }: Constraint): boolean {
  const [left, right] = [version.parts, other.parts]
  if (open === 'nothing' || open === 'major') return compareVersions(version, other) !== 0
  if (left.major !== right.major) return true
  if (open === 'minor') return false
  if (left.minor !== right.minor) return true
  if (left.prerelease === '' && right.prerelease === '') return false
  return comparePrereleases(left.prerelease, right.prerelease) !== 0
}

/** `>11` starts at 12, and `>11.1` at 11.2. */
function isGreater(version: SemanticVersion, { version: other, open }: Constraint): boolean {
  const [left, right] = [version.parts, other.parts]
  if (open === 'nothing') return compareVersions(version, other) > 0
  if (left.major !== right.major) return left.major > right.major
  if (open === 'minor') return false
  return open === 'patch' ? left.minor > right.minor : compareVersions(version, other) > 0
}

/** `<=1` holds for all of 1, and `<=1.2` for all of 1.2. */
function isAtMost(version: SemanticVersion, { version: other, open }: Constraint): boolean {
  const [left, right] = [version.parts, other.parts]
  if (open === 'nothing') return compareVersions(version, other) <= 0
  if (left.major !== right.major) return left.major < right.major
  return open === 'minor' || left.minor <= right.minor
}

/** `~1.2.3`: not below, and the same minor version; `~1`: the same major version. */
function isNear(version: SemanticVersion, { version: other, open }: Constraint): boolean {
  const [left, right] = [version.parts, other.parts]
  if (compareVersions(version, other) < 0) return false
  const isZero = right.major === 0n && right.minor === 0n && right.patch === 0n
  if (isZero && (open === 'nothing' || open === 'major')) return true
  return left.major === right.major && (open === 'minor' || left.minor === right.minor)
}

/** `^1.2.3`: not below, and no change of the first part that is not zero. */
function isCompatible(version: SemanticVersion, { version: other, open }: Constraint): boolean {
  const [left, right] = [version.parts, other.parts]
  if (compareVersions(version, other) < 0 || left.major !== right.major) return false
  if (right.major > 0n || open === 'minor') return true
  if (left.minor !== right.minor) return false
  return right.minor > 0n || open === 'patch' || left.patch === right.patch
}
