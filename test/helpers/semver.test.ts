import { describe, expect, it } from 'vitest'
import { render } from './render.ts'

describe('semver', () => {
  it.each([
    ['{{ semver "v1.2" }} {{ (semver "v1.2").Original }}', '1.2.0 v1.2'],
    [
      '{{ with semver "v1.2.3-rc.1+b" }}{{ .IncPatch }} {{ .IncMinor }} {{ .IncMajor.Original }}{{ end }}',
      '1.2.3 1.3.0 v2.0.0',
    ],
    ['{{ (semver "1.2.3-rc.2").Compare (semver "1.2.3-rc.10") }}', '-1'],
    ['{{ (semver "1.2.3").GreaterThan (semver "1.2.3-rc.10") }}', 'true'],
    ['{{ ((semver "1.2.3").SetPrerelease "a.1").SetMetadata "x" }}', '1.2.3-a.1+x'],
    ['{{ toJson (semver "1.2.3") }}', '"1.2.3"'],
    ['{{ (semver "1.2.3").Major | add 1 }}', '2'],
  ])('%s', (template, want) => {
    expect(render(template)).toBe(want)
  })

  it.each([
    ['>1.2', '1.2.9', false],
    ['>1.2', '1.3.0', true],
    ['<=1.2', '1.2.9', true],
    ['=1.2', '1.2.5', true],
    ['1.2 - 1.4', '1.4.9', true],
    ['~1.2.3', '1.3.0', false],
    ['~>1', '1.9.9', true],
    ['^0.2.3', '0.2.9', true],
    ['^0.2.3', '0.3.0', false],
    ['^0.0.3', '0.0.4', false],
    ['!=1.2.x', '1.2.7', false],
    ['!=1', '2.0.0', true],
    ['>=1.0, <2.0 || >=3', '3.1.0', true],
    ['>=1.28', 'v1.29.3-eks-1', false],
    ['>=1.28-0', 'v1.29.3-eks-1', true],
    ['>=1.0.0-0 <2', '1.5.0-rc.1', true],
  ])('%s with %s', (constraint, version, want) => {
    expect(render(`{{ semverCompare "${constraint}" "${version}" }}`)).toBe(String(want))
  })

  it.each([
    ['{{ semver "1.2.3.4" }}', 'invalid semantic version'],
    ['{{ semver "1.2.3-01" }}', 'version segment starts with 0'],
    ['{{ semver "99999999999999999999.0" }}', 'out of range'],
    [`{{ semver "1.${'0'.repeat(300)}" }}`, 'too long'],
    ['{{ semverCompare "==1.2" "1.2.3" }}', 'improper constraint: "==1.2"'],
    ['{{ semverCompare "1.2.3||" "1.2.3" }}', 'improper constraint: ""'],
    ['{{ semverCompare "1|2" "1.2.3" }}', 'constraint parser error'],
    [`{{ semverCompare "${'1||'.repeat(40)}1" "1.2.3" }}`, 'too many constraint groups'],
    [`{{ semverCompare "${' '.repeat(600)}1" "1.2.3" }}`, 'too long'],
    ['{{ (semver "1.2.3").SetPrerelease "a..b" }}', 'invalid prerelease'],
    ['{{ (semver "1.2.3").SetMetadata (repeat 1000 "a") }}', 'metadata string is too long'],
    ['{{ (semver "1.2.3").Compare "1.2.3" }}', '*semver.Version'],
    ['{{ (semver "1.2.3").parts }}', "can't evaluate field parts"],
  ])('%s fails', (template, message) => {
    expect(() => render(template)).toThrow(message)
  })
})
