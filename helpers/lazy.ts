import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** A value computed on the first call. */
export type Lazy<T> = () => T

/**
 * A getter that loads an npm package when it is first called, and not before: importing the helpers must stay cheap.
 * Synchronous, so the package must be CommonJS, or ESM without top-level await.
 *
 * @example const semver = lazyRequire<typeof import('semver')>('semver'); semver().valid('1.2.3')
 */
export function lazyRequire<T>(name: string): Lazy<T> {
  return lazy(() => require(name) as T)
}

/** A getter that computes its value on the first call. A failed computation is tried again on the next. */
export function lazy<T>(compute: () => T): Lazy<T> {
  let loaded: { readonly value: T } | undefined
  return () => {
    loaded ??= { value: compute() }
    return loaded.value
  }
}
