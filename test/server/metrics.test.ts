import { describe, expect, it } from 'vitest'
import { newMetrics } from '../../src/server/metrics.ts'

const a = { kind: 'GitOpsSet', name: 'a', namespace: 'team' }
const b = { kind: 'GitOpsSet', name: 'b', namespace: 'team' }
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('metrics', () => {
  it('show what was set, added and observed', async () => {
    const metrics = newMetrics()
    metrics.set('gotk_suspend_status', a, 1)
    metrics.add('gitopsset_api_requests_total', { verb: 'GET', code: '200' })
    metrics.add('gitopsset_api_requests_total', { verb: 'GET', code: '200' }, 2)
    metrics.observe('gotk_reconcile_duration_seconds', a, 0.3)
    const { body, contentType } = await metrics.render()
    expect(body).toContain('gotk_suspend_status{kind="GitOpsSet",name="a",namespace="team"} 1')
    expect(body).toContain('gitopsset_api_requests_total{verb="GET",code="200"} 3')
    expect(body).toContain(
      'gotk_reconcile_duration_seconds_count{kind="GitOpsSet",name="a",namespace="team"} 1',
    )
    expect(contentType).toContain('text/plain')
  })

  it('forget every series of a set, and those of no other', async () => {
    const metrics = newMetrics()
    for (const labels of [a, b]) {
      metrics.set('gotk_suspend_status', labels, 1)
      metrics.observe('gotk_reconcile_duration_seconds', labels, 0.3)
      metrics.set('gitopsset_objects', { name: labels.name, namespace: labels.namespace }, 2)
    }
    metrics.forget({ name: 'a', namespace: 'team' })
    await settled()
    const { body } = await metrics.render()
    expect(body).not.toContain('name="a"')
    expect(body.match(/name="b"/g)?.length).toBeGreaterThan(3)
  })

  it('quote what stands in names', async () => {
    const metrics = newMetrics()
    metrics.set('gitopsset_objects', { name: 'a"\n} x 1', namespace: 'team' }, 2)
    expect((await metrics.render()).body).toContain('name="a\\"\\n} x 1"')
  })

  it('refuse a name or label that is not defined', () => {
    const metrics = newMetrics()
    expect(() => metrics.set('gitopsset_api_requests_total' as never, {}, 1)).toThrow(TypeError)
    expect(() => metrics.set('gitopsset_objects', { set: 'a' }, 1)).toThrow()
  })
})
