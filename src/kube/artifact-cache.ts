import type { ArtifactFiles } from '../ports.ts'

/** Unpacked artifacts by their digest, at most so many bytes of them, the least recently used going first. */
export interface ArtifactCache {
  find(digest: string): ArtifactFiles | undefined
  keep(digest: string, files: ArtifactFiles): void
}

/** What an entry costs besides its content. */
const ENTRY_BYTES = 256

export function createArtifactCache(maxBytes: number): ArtifactCache {
  const kept = new Map<string, { files: ArtifactFiles; bytes: number }>()
  let total = 0

  const drop = (digest: string): void => {
    total -= kept.get(digest)?.bytes ?? 0
    kept.delete(digest)
  }
  return {
    find(digest) {
      const entry = kept.get(digest)
      if (entry === undefined) return undefined
      kept.delete(digest)
      kept.set(digest, entry)
      return entry.files
    },
    keep(digest, files) {
      drop(digest)
      const bytes = sizeOf(files)
      if (bytes > maxBytes) return
      kept.set(digest, { files, bytes })
      total += bytes
      for (const oldest of kept.keys()) {
        if (total <= maxBytes) return
        drop(oldest)
      }
    },
  }
}

function sizeOf(files: ArtifactFiles): number {
  let bytes = files.directories.size * ENTRY_BYTES
  for (const content of files.files.values()) bytes += content.byteLength + ENTRY_BYTES
  return bytes
}
