import { AppError } from '../errors.ts'
import type { Identity } from '../ports.ts'

const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/

/** The user name of a service account, as the API server knows it. Throws AppError for a name that could not be one. */
export function serviceAccountUser(namespace: string, name: string): string {
  if (!NAMESPACE.test(namespace) || !NAME.test(name)) {
    throw new AppError(
      'InvalidSpec',
      'stall',
      `service account ${JSON.stringify(`${namespace}/${name}`.slice(0, 120))} is not a valid name: ` +
        'use lower-case letters, digits, "-" and, in the name, "."',
      { path: 'spec.serviceAccountName' },
    )
  }
  return `system:serviceaccount:${namespace}:${name}`
}

/**
 * The headers that make a request act as `identity`. An empty `Impersonate-User` would be treated as absent by the server
 * and give the controller's full rights, so a name that is not valid throws. The API server adds the account's groups.
 */
export function impersonationHeaders(identity: Identity): Readonly<Record<string, string>> {
  switch (identity.kind) {
    case 'controller':
      return {}
    case 'serviceAccount':
      return { 'impersonate-user': serviceAccountUser(identity.namespace, identity.name) }
    default:
      // An identity from untyped code must never fall through to the controller's rights.
      throw new AppError('InvalidSpec', 'stall', 'a request names no identity to act as')
  }
}
