import { typeOf } from '../../helpers/go/kind.ts'
import { getKey, HostValue, isMap } from '../../helpers/go/value.ts'
import type { Value, ValueMap } from '../../helpers/go/value.ts'
import { callMethod } from './call.ts'
import type { Site } from './site.ts'
import type { Eval } from './state.ts'

/**
 * `.a.b.c` of what `receiver` yields. Only own keys of maps, and what a host value offers, can be read; with
 * missingkey=error a key that is not there is an error.
 */
export function compileFields(receiver: Eval, names: readonly string[], site: Site): Eval {
  const [first = '', second = ''] = names
  switch (names.length) {
    case 0:
      return receiver
    case 1:
      return (state, dot) => readField(receiver(state, dot), first, site)
    case 2:
      return (state, dot) => readDeepField(readField(receiver(state, dot), first, site), second, site)
    default:
      return compileDeepFields(receiver, names, site)
  }
}

function compileDeepFields(receiver: Eval, names: readonly string[], site: Site): Eval {
  const [first = '', ...rest] = names
  return (state, dot) => {
    let value = readField(receiver(state, dot), first, site)
    for (const name of rest) value = readDeepField(value, name, site)
    return value
  }
}

/** As {@link compileFields}, for a last field that is a method with arguments. */
export function compileMethodCall(
  receiver: Eval,
  names: readonly string[],
  call: { readonly args: readonly Eval[]; readonly final: Eval | undefined },
  site: Site,
): Eval {
  const name = names.at(-1) ?? ''
  const owner = compileFields(receiver, names.slice(0, -1), site)
  return (state, dot) => {
    const piped = call.final?.(state, dot)
    const value = owner(state, dot)
    const method = value instanceof HostValue ? value.method(name) : undefined
    if (method === undefined) throw site.fail(explainNoMethod(value, name))
    const args = call.args.map((arg) => arg(state, dot))
    if (call.final !== undefined) args.push(piped ?? null)
    return callMethod(method, name, args, site)
  }
}

function explainNoMethod(value: Value, name: string): string {
  if (value instanceof HostValue && value.field(name) !== undefined) {
    return `${name} has arguments but cannot be invoked as function`
  }
  if (isMap(value)) return `${name} is not a method but has arguments`
  return value === null
    ? `nil data; no entry for key ${JSON.stringify(name)}`
    : `can't evaluate field ${name} in type ${typeOf(value)}`
}

function readField(value: Value, name: string, site: Site): Value {
  if (isMap(value)) return readKey(value, name, site)
  if (value instanceof HostValue) return readHostField(value, name, site)
  if (value === null) throw site.fail(`nil data; no entry for key ${JSON.stringify(name)}`)
  throw site.fail(`can't evaluate field ${name} in type ${typeOf(value)}`)
}

/** A field of what a field held: Go then only knows that it is an interface. */
function readDeepField(value: Value, name: string, site: Site): Value {
  if (isMap(value)) return readKey(value, name, site)
  if (value instanceof HostValue) return readHostField(value, name, site)
  if (value === null) throw site.fail(`nil pointer evaluating interface {}.${name}`)
  throw site.fail(`can't evaluate field ${name} in type interface {}`)
}

function readKey(map: ValueMap, name: string, site: Site): Value {
  const value = getKey(map, name)
  if (value === undefined) throw site.fail(`map has no entry for key ${JSON.stringify(name)}`)
  return value
}

function readHostField(value: HostValue, name: string, site: Site): Value {
  const method = value.method(name)
  if (method !== undefined) return callMethod(method, name, [], site)
  const field = value.field(name)
  if (field === undefined) throw site.fail(`can't evaluate field ${name} in type ${value.typeName}`)
  return field
}
