import type { ArtifactFetcher, ArtifactFiles } from '../ports.ts'

/** Fetches each artifact once: for the entries of one evaluation, several of which may read the same source. */
export function rememberArtifacts(inner: ArtifactFetcher): ArtifactFetcher {
  const fetched = new Map<string, Promise<ArtifactFiles>>()
  return {
    fetch(artifact, signal) {
      const key = `${artifact.digest} ${artifact.url}`
      const known = fetched.get(key) ?? inner.fetch(artifact, signal)
      fetched.set(key, known)
      return known
    },
  }
}
