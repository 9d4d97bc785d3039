import type { Value } from '../../helpers/go/value.ts'
import { helpers } from '../../helpers/index.ts'
import { newRuntime, parseTemplate } from '../../src/template/template.ts'

/** 2026-01-02 03:04:05 UTC: what `now` gives in tests of what depends on it. */
export const testNowMs = Date.UTC(2026, 0, 2, 3, 4, 5)

/** Renders one template with all functions, at {@link testNowMs}. */
export function renderAtTestTime(template: string, data: Value = null): string {
  return parseTemplate(template, { name: 'test', helpers }).execute(data, newRuntime({ nowMs: testNowMs }))
}
