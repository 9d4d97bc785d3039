/** The names that one API group gives to its version, finalizer, labels and annotations. */
export interface ApiGroup {
  readonly name: string
  readonly version: 'v1alpha1'
  readonly apiVersion: string
  readonly finalizer: string
  /** Owner labels on applied objects. */
  readonly nameLabel: string
  readonly namespaceLabel: string
  /** `left,right`: other template delimiters. */
  readonly delimitersAnnotation: string
  readonly adoptAnnotation: string
  readonly forceAnnotation: string
  readonly pruneAnnotation: string
  /** Releases a held prune whose plan has this hash. */
  readonly confirmPruneAnnotation: string
}

function newApiGroup(name: string): ApiGroup {
  return {
    name,
    version: 'v1alpha1',
    apiVersion: `${name}/v1alpha1`,
    finalizer: `finalizers.${name}`,
    nameLabel: `${name}/name`,
    namespaceLabel: `${name}/namespace`,
    delimitersAnnotation: `${name}/delimiters`,
    adoptAnnotation: `${name}/adopt`,
    forceAnnotation: `${name}/force`,
    pruneAnnotation: `${name}/prune`,
    confirmPruneAnnotation: `${name}/confirm-prune`,
  }
}

export const SETS_GROUP = newApiGroup('sets.gitops.pro')
/** The group of the original controller, served with the same schema. */
export const WEAVE_GROUP = newApiGroup('templates.weave.works')
export const API_GROUPS: readonly ApiGroup[] = [SETS_GROUP, WEAVE_GROUP]

/** Requests an evaluation now; what `flux reconcile` and Flux Receivers set. */
export const REQUESTED_AT_ANNOTATION = 'reconcile.fluxcd.io/requestedAt'

/** The group of a set's `apiVersion`, or undefined where it is not one of ours. */
export function findApiGroup(apiVersion: string): ApiGroup | undefined {
  return API_GROUPS.find((group) => group.apiVersion === apiVersion)
}
