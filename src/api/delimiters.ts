import { API_GROUPS } from './group.ts'
import type { ObjectMeta } from './types.ts'

export interface Delimiters {
  readonly left: string
  readonly right: string
}

/** The annotation that a set's delimiters come from, or undefined where it has none. */
export function findDelimitersAnnotation(
  metadata: Pick<ObjectMeta, 'annotations'>,
): { name: string; value: string } | undefined {
  const annotations = metadata.annotations ?? {}
  for (const { delimitersAnnotation: name } of API_GROUPS) {
    const value = Object.hasOwn(annotations, name) ? annotations[name] : undefined
    if (value !== undefined) return { name, value }
  }
  return undefined
}

/** `left,right` as two delimiters, spaces around them not counted; undefined where the text does not hold two. */
export function parseDelimiters(text: string): Delimiters | undefined {
  const [left = '', right = '', ...rest] = text.split(',').map((part) => part.trim())
  return left === '' || right === '' || rest.length > 0 ? undefined : { left, right }
}
