import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { AppError } from '../errors.ts'
import { RESPONSE_LIMITS } from '../lib/limits.ts'
import type { ArtifactFetcher, ArtifactFiles, KubeObject, ObjectKey } from '../ports.ts'

const SCHEME = 'local:'
const SOURCE_GROUP = 'source.toolkit.fluxcd.io'
const SOURCE_KINDS: readonly string[] = ['GitRepository', 'OCIRepository']

/**
 * A stand-in for the Flux source that `key` names, whose artifact is the folder of that name under `root`. Undefined
 * for other kinds.
 */
export function findLocalSource(root: string, key: ObjectKey): KubeObject | undefined {
  if (key.group !== SOURCE_GROUP || !SOURCE_KINDS.includes(key.kind)) return undefined
  const folder = join(root, key.name)
  const digest = `sha256:${createHash('sha256').update(folder).digest('hex')}`
  return {
    apiVersion: `${SOURCE_GROUP}/${key.version}`,
    kind: key.kind,
    metadata: { name: key.name, namespace: key.namespace },
    status: {
      artifact: { url: SCHEME + folder, path: folder, revision: 'local', digest },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  }
}

/** Reads the folders that {@link findLocalSource} points to; other artifacts are fetched by `inner`. */
export function localArtifacts(inner: ArtifactFetcher): ArtifactFetcher {
  return {
    fetch: (artifact, signal) =>
      artifact.url.startsWith(SCHEME)
        ? readFolder(artifact.url.slice(SCHEME.length))
        : inner.fetch(artifact, signal),
  }
}

async function readFolder(folder: string): Promise<ArtifactFiles> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => {
    throw new AppError('ArtifactNotReady', 'stall', `there is no folder ${folder} for the repository`)
  })
  const files = new Map<string, Uint8Array>()
  const directories = new Set<string>()
  let leftBytes = RESPONSE_LIMITS.maxArchiveBytes
  for (const entry of entries) {
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')
    if (path === '.git' || path.startsWith('.git/')) continue
    if (entry.isDirectory()) directories.add(path)
    if (!entry.isFile()) continue
    const content = await readFile(join(entry.parentPath, entry.name))
    leftBytes -= content.length
    files.set(path, content)
    if (leftBytes < 0 || files.size > RESPONSE_LIMITS.maxArchiveEntries) throw tooLarge(folder)
  }
  return { files, directories }
}

function tooLarge(folder: string): AppError {
  const { maxArchiveBytes, maxArchiveEntries } = RESPONSE_LIMITS
  return new AppError(
    'ArtifactNotReady',
    'stall',
    `${folder} has more than ${maxArchiveBytes} bytes or ${maxArchiveEntries} files`,
  )
}
