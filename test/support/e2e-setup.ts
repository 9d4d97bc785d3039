import { existsSync } from 'node:fs'
import { join } from 'node:path'

import type { TestProject } from 'vitest/node'

import { auditLogPath } from '../stack/audit-log.ts'
import { installCrds } from '../stack/crds.ts'
import { startStack } from '../stack/stack.ts'
import type { SharedCluster } from './cluster.ts'

const CRDS_DIR = join(import.meta.dirname, '..', '..', 'crds')

/** Starts the API server that the e2e suites share. Vitest calls it once, and only when one of them is going to run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack({ parts: ['controller-manager'], auditLog: true })
  if (existsSync(CRDS_DIR)) await installCrds(stack.cluster.api, CRDS_DIR)
  const shared: SharedCluster = {
    kubeconfigPath: stack.cluster.kubeconfigPath,
    auditLogPath: auditLogPath(stack.dir),
  }
  project.provide('sharedCluster', shared)
  return async () => stack.stop()
}
