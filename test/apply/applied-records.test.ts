import { describe, expect, it } from 'vitest'
import { AppliedRecords } from '../../src/apply/applied-records.ts'
import { restoreOwnFields } from '../../src/apply/field-managers.ts'
import type { KubeObject } from '../../src/ports.ts'

const DESIRED: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', namespace: 'team', labels: { a: 'b' } },
  data: { k: 'v' },
}
const FIELDS = { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } }, 'f:data': { '.': {}, 'f:k': {} } }

/** The object as the server keeps it: with managers, and what others have added. */
function newLive(fieldsV1: KubeObject['metadata'] | undefined, data = { k: 'v', other: 'o' }): KubeObject {
  const entry = {
    manager: 'gitopsset-controller',
    operation: 'Apply',
    apiVersion: 'v1',
    fieldsV1: fieldsV1 ?? {},
  }
  const managedFields = fieldsV1 === undefined ? {} : { managedFields: [entry] }
  return { ...DESIRED, metadata: { ...DESIRED.metadata, uid: 'u1', ...managedFields }, data }
}

describe('after an apply', () => {
  const records = new AppliedRecords()
  records.remember(DESIRED, newLive(FIELDS))

  it('an untouched object is in step, whatever others have added', () => {
    expect(records.isInStep(DESIRED, newLive(FIELDS))).toBe(true)
    expect(records.isInStep(DESIRED, newLive(FIELDS, { k: 'v', other: 'p' }))).toBe(true)
  })

  it('a changed value, template or ownership is not', () => {
    expect(records.isInStep(DESIRED, newLive(FIELDS, { k: 'w', other: 'o' }))).toBe(false)
    expect(records.isInStep({ ...DESIRED, data: { k: 'w' } }, newLive(FIELDS))).toBe(false)
    expect(records.isInStep(DESIRED, newLive({ 'f:data': { 'f:k': {} } }))).toBe(false)
  })

  it('an object that has lost all its managers is judged by its values', () => {
    expect(records.isInStep(DESIRED, newLive(undefined))).toBe(true)
    expect(records.isInStep(DESIRED, newLive(undefined, { k: 'w', other: 'o' }))).toBe(false)
  })

  it('such an object gets back what we owned, so that a dropped field can be removed', () => {
    const restored = restoreOwnFields(newLive(undefined), records.findFields(DESIRED))
    expect(restored).toMatchObject([
      { manager: 'gitopsset-controller', operation: 'Apply', fieldsV1: FIELDS },
    ])
    expect(restoreOwnFields(newLive(FIELDS), records.findFields(DESIRED))).toBeUndefined()
  })

  it('nothing is known of an object that was forgotten', () => {
    const forgetful = new AppliedRecords()
    forgetful.remember(DESIRED, newLive(FIELDS))
    forgetful.forget(DESIRED)
    expect(forgetful.findFields(DESIRED)).toBeUndefined()
  })
})

describe('after a restart', () => {
  const records = new AppliedRecords()

  it('an object whose values and owned fields are those of the template is in step', () => {
    expect(records.isInStep(DESIRED, newLive(FIELDS))).toBe(true)
    expect(records.isInStep(DESIRED, newLive(undefined))).toBe(true)
  })

  it('one where we own more or less than the template sets is not', () => {
    expect(records.isInStep(DESIRED, newLive({ ...FIELDS, 'f:spec': {} }))).toBe(false)
    expect(records.isInStep(DESIRED, newLive({ 'f:data': { 'f:k': {} } }))).toBe(false)
    expect(records.isInStep(DESIRED, newLive({}))).toBe(false)
  })
})
