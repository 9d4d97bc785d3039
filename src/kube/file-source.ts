import { readFileSync, statSync } from 'node:fs'

/** A file that may be replaced while the process runs, such as a projected token. */
export interface FileSource {
  /** The current text: read again when the file has changed since. Throws where it never could be read. */
  read(): string
  /** Makes the next `read` look at the contents whatever the file's times say. */
  forget(): void
}

/** Follows a file by its inode, size and modification time, which a projected volume's swap changes. */
export function createFileSource(path: string): FileSource {
  let stamp = ''
  let text: string | undefined
  return {
    read() {
      try {
        const { mtimeMs, size, ino } = statSync(path)
        const current = `${ino}:${size}:${mtimeMs}`
        if (text === undefined || current !== stamp) text = readFileSync(path, 'utf8')
        stamp = current
      } catch (error) {
        // In the moment of a swap the file may be missing: what was read before is still the best answer.
        if (text === undefined) throw error
      }
      return text
    },
    forget() {
      stamp = ''
    },
  }
}
