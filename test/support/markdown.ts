import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** The root of the clone. */
export const ROOT = dirname(dirname(import.meta.dirname))

/** Made by tools, or of others. */
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git', 'tmp'])

/** A fenced block of a document. */
export interface Fence {
  readonly language: string
  readonly text: string
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Every file of the clone, by its path from the root. */
export function listFiles(folder = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : listFiles(path)
    return entry.isFile() ? [relative(ROOT, path)] : []
  })
}

const FENCE = /^( *)```(\w*)\n([^]*?)^ *```$/gm

/** The fenced blocks of a document, in order; blocks in lists lose their indentation. */
export function findFences(markdown: string): Fence[] {
  return [...markdown.matchAll(FENCE)].map(([, indent = '', language = '', text = '']) => ({
    language,
    text: text.replaceAll(new RegExp(`^ {${indent.length}}`, 'gm'), ''),
  }))
}

/** Targets of links outside of code. */
export function findLinks(markdown: string): string[] {
  const prose = markdown.replace(FENCE, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map((match) => match[1] ?? '')
}

/** The anchors that a forge gives to the headings of a document. */
export function findAnchors(markdown: string): Set<string> {
  const headings = [...markdown.replace(FENCE, '').matchAll(/^#+ (.*)$/gm)]
  return new Set(headings.map((match) => toAnchor(match[1] ?? '')))
}

function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
    .replaceAll(' ', '-')
}

/** Cells of every table row whose first cell is set in code, by the first cell's code. */
export function findRows(markdown: string): Map<string, readonly string[]> {
  const rows = [...markdown.matchAll(/^\| `([^`]+)` *\|(.*)\|$/gm)]
  return new Map(
    rows.map(([, name = '', rest = '']) => [name, rest.split(/(?<!\\)\|/).map((cell) => cell.trim())]),
  )
}
