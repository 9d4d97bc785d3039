/** How a set is built on the command line. */
export interface RenderSettings {
  /** Nothing is read from a cluster. */
  readonly withoutCluster: boolean
  /** Nothing is asked over HTTP. */
  readonly withoutNetwork: boolean
  /** Folder whose subfolders stand for the artifacts of Flux sources, by name. */
  readonly repositoryRoot: string | undefined
  /** `FROM=TO`. */
  readonly endpoints: readonly string[]
  /** Folder to save answers in, or to take them from. */
  readonly record: string | undefined
  readonly replay: string | undefined
  readonly kubeconfig: string
  readonly context: string
  readonly enabled: ReadonlySet<string>
}
