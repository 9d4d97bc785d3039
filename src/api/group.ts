/** One of the two API groups that the controller serves with the same schema and code. */
export interface ApiGroup {
  readonly name: string
  /** `<group>/v1alpha1`. */
  readonly apiVersion: string
  readonly finalizer: string
  /** Labels that tie an object to its set. */
  readonly nameLabel: string
  readonly namespaceLabel: string
  /** On a set: `left,right`. */
  readonly delimitersAnnotation: string
  /** On a set: the hash of the plan whose removals are confirmed. */
  readonly confirmPruneAnnotation: string
  /** On an object: `disabled` keeps it when its set no longer renders it. */
  readonly pruneAnnotation: string
  /** On an object: `enabled` allows recreating it where a field cannot be changed. */
  readonly forceAnnotation: string
  /** On an object: `enabled` allows taking over one that exists without owner labels. */
  readonly adoptAnnotation: string
}

export const VERSION = 'v1alpha1'
export const KIND = 'GitOpsSet'
export const PLURAL = 'gitopssets'

/** Forces an evaluation; what `flux reconcile` sets on Flux's kinds. The same for both groups. */
export const REQUESTED_AT_ANNOTATION = 'reconcile.fluxcd.io/requestedAt'

export const SETS_GROUP = makeGroup('sets.gitops.pro')
export const TEMPLATES_GROUP = makeGroup('templates.weave.works')
export const API_GROUPS: readonly ApiGroup[] = [SETS_GROUP, TEMPLATES_GROUP]

/** The group of a `<group>/v1alpha1`, or undefined for an apiVersion that is not ours. */
export function findApiGroup(apiVersion: string): ApiGroup | undefined {
  return API_GROUPS.find((group) => group.apiVersion === apiVersion)
}

function makeGroup(name: string): ApiGroup {
  return {
    name,
    apiVersion: `${name}/${VERSION}`,
    finalizer: `finalizers.${name}`,
    nameLabel: `${name}/name`,
    namespaceLabel: `${name}/namespace`,
    delimitersAnnotation: `${name}/delimiters`,
    confirmPruneAnnotation: `${name}/confirm-prune`,
    pruneAnnotation: `${name}/prune`,
    forceAnnotation: `${name}/force`,
    adoptAnnotation: `${name}/adopt`,
  }
}
