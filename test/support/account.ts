import type { Api } from '../stack/api.ts'

const RBAC = 'rbac.authorization.k8s.io'

/** A service account with these rights on the ConfigMaps (or `resources`) of its namespace; again: with other rights. */
export async function grantAccount(
  api: Api,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  verbs: readonly string[] = ['*'],
  resources: readonly string[] = ['configmaps'],
): Promise<void> {
  const base = `/apis/${RBAC}/v1/namespaces/${namespace}`
  const rbac = { apiVersion: `${RBAC}/v1`, metadata: { name } }
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } }
  await api.apply(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}`, account)
  const rules = [{ apiGroups: ['*'], resources, verbs }]
  await api.apply(`${base}/roles/${name}`, { ...rbac, kind: 'Role', rules })
  await api.apply(`${base}/rolebindings/${name}`, {
    ...rbac,
    kind: 'RoleBinding',
    roleRef: { apiGroup: RBAC, kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  })
}
