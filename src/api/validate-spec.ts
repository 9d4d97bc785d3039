import { SelectorError, toSelector } from '../lib/selector.ts'
import type { Findings, PathStep } from './finding.ts'
import type { ApiClientSpec, GeneratorEntry, GitOpsSetSpec, MatrixSpec, PrometheusSpec } from './types.ts'

type Path = readonly PathStep[]

/** What the schema cannot say: rules inside one generator that look at several of its parts. */
export function checkGenerators(spec: GitOpsSetSpec, findings: Findings): void {
  for (const [index, entry] of (spec.generators ?? []).entries()) {
    checkEntry(entry, ['spec', 'generators', index], findings)
  }
}

function checkEntry(entry: GeneratorEntry, path: Path, findings: Findings): void {
  if (entry.apiClient) checkApiClient(entry.apiClient, [...path, 'apiClient'], findings)
  if (entry.prometheus) checkPrometheus(entry.prometheus, [...path, 'prometheus'], findings)
  if (entry.cluster?.selector)
    checkSelector(entry.cluster.selector, [...path, 'cluster', 'selector'], findings)
  if (entry.matrix) checkMatrix(entry.matrix, [...path, 'matrix'], findings)
}

function checkApiClient(spec: ApiClientSpec, path: Path, findings: Findings): void {
  if (spec.bodyFormat !== 'Form') return
  const isForm =
    typeof spec.body === 'object' &&
    spec.body !== null &&
    !Array.isArray(spec.body) &&
    Object.values(spec.body).every((value) => typeof value !== 'object')
  if (!isForm)
    findings.add([...path, 'body'], 'bodyFormat Form needs an object of texts, numbers and booleans')
}

function checkPrometheus(spec: PrometheusSpec, path: Path, findings: Findings): void {
  const names = (spec.queries ?? []).map((query) => query.name)
  if (spec.queries?.length === 0) findings.add([...path, 'queries'], 'at least one query is needed')
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue
    findings.add(
      [...path, 'queries', index, 'name'],
      `${JSON.stringify(name)} names an earlier query already`,
    )
  }
}

function checkSelector(selector: Parameters<typeof toSelector>[0], path: Path, findings: Findings): void {
  try {
    toSelector(selector)
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error
    findings.add(path, error.message)
  }
}

function checkMatrix(spec: MatrixSpec, path: Path, findings: Findings): void {
  for (const [index, entry] of (spec.generators ?? []).entries()) {
    checkEntry(entry, [...path, 'generators', index], findings)
  }
}
