import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'

import { pack } from 'tar-stream'

export interface Tarball {
  readonly bytes: Buffer
  /** Hex, of the bytes. */
  readonly sha256: string
}

/** Packs files (path → text) as Flux's source-controller does: gzipped, sorted, without times, so that equal files give equal bytes. */
export async function packFiles(files: Readonly<Record<string, string>>): Promise<Tarball> {
  const archive = pack()
  const mtime = new Date(0)
  for (const name of Object.keys(files).sort()) archive.entry({ name, mtime, mode: 0o644 }, files[name]!)
  archive.finalize()
  const bytes = gzipSync(await buffer(archive))
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}
