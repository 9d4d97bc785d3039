import { crypto } from './crypto.ts'
import { date } from './date.ts'
import { defaults } from './defaults.ts'
import type { Helper, HelperTable } from './define.ts'
import { dict } from './dict.ts'
import { encoding } from './encoding.ts'
import { flow } from './flow.ts'
import { gitops } from './gitops.ts'
import { lists } from './lists.ts'
import { math } from './math.ts'
import { quantity } from './quantity.ts'
import { reflection } from './reflection.ts'
import { regex } from './regex.ts'
import { semver } from './semver.ts'
import { strings } from './strings.ts'
import { url } from './url.ts'

/** All functions, family by family. */
export const allHelpers: readonly Helper[] = [
  ...strings,
  ...lists,
  ...dict,
  ...defaults,
  ...math,
  ...date,
  ...encoding,
  ...crypto,
  ...regex,
  ...semver,
  ...url,
  ...reflection,
  ...flow,
  ...gitops,
  ...quantity,
]

/** The functions that templates may call, by name. */
export const helpers: HelperTable = toTable(allHelpers)

function toTable(list: readonly Helper[]): HelperTable {
  const table = Object.create(null) as Record<string, Helper>
  for (const helper of list) {
    if (Object.hasOwn(table, helper.name)) throw new Error(`two helpers are named ${helper.name}`)
    table[helper.name] = helper
  }
  return Object.freeze(table)
}
