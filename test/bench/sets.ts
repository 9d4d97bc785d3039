/** Texts of sets of any size. */

const head = (name: string) => `apiVersion: sets.gitops.pro/v1alpha1
kind: GitOpsSet
metadata:
  name: ${name}
  namespace: flux-system
spec:
  generators:
`

const kustomization = `  templates:
  - content:
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata:
        name: "{{ .Element.name }}"
        labels:
          team: "{{ .Element.team }}"
      spec:
        interval: 5m
        path: ./apps/{{ .Element.name }}
        prune: true
        sourceRef: {kind: GitRepository, name: apps}
        patches:
        - target: {kind: Deployment, name: "{{ .Element.name }}"}
          patch: |
            - op: replace
              path: /spec/replicas
              value: {{ .Element.replicas }}
            - op: replace
              path: /spec/template/spec/containers/0/resources
              value: {limits: {memory: {{ .Element.memory }}}}
        postBuild:
          substitute:
            CLUSTER: "{{ .Element.cluster }}"
`

const perGenerator = 10_000

/** A Flux Kustomization with a patch for each element of lists of at most 10,000. */
export function kustomizations(count: number): string {
  let text = head('apps')
  for (let index = 0; index < count; index++) {
    if (index % perGenerator === 0) text += '  - list:\n      elements:\n'
    text += `      - name: app-${index}\n        team: team-${index % 7}\n        cluster: "prod-${index % 5}"\n`
    text += `        replicas: ${index % 9}\n        memory: 512Mi\n`
  }
  return text + kustomization
}

/** A ConfigMap for each pair of `side` apps and `side` regions. */
export function matrix(side: number): string {
  const items = (key: string) =>
    Array.from({ length: side }, (_, index) => `          - ${key}: ${key}-${index}\n`).join('')
  return `${head('pairs')}  - matrix:
      generators:
      - list:
          elements:
${items('app')}      - list:
          elements:
${items('region')}  templates:
  - content:
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: "{{ .Element.app }}-{{ .Element.region }}"
      data:
        app: "{{ .Element.app }}"
        region: "{{ .Element.region | upper }}"
        index: "{{ .ElementIndex }}"
`
}
