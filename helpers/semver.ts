import type { Helper } from './define.ts'
import { parseConstraint } from './go/semver-constraint.ts'
import { parseVersion } from './go/semver.ts'
import { example, inFamily, string } from './typed.ts'

const define = inFamily('semver')

export const semver: readonly Helper[] = [
  define({
    name: 'semver',
    params: [string('version')],
    doc: 'Reads a semantic version, with the methods `Major`, `Minor`, `Patch`, `Prerelease`, `Metadata`, `Original`, `Compare` and others.',
    example: example('{{ (semver "v1.29.3-rc.1").Minor }}', '29'),
    call: ([version]) => parseVersion(version),
  }),
  define({
    name: 'semverCompare',
    params: [string('constraint'), string('version')],
    doc: 'Whether a version satisfies a constraint. Pre-releases do only where the constraint names one, as in `>=1.28-0`.',
    example: example('{{ semverCompare ">=1.28-0, <2" "v1.29.1-gke.100" }}', 'true'),
    call: ([constraint, version]) => {
      const isSatisfied = parseConstraint(constraint)
      return isSatisfied(parseVersion(version))
    },
  }),
]
