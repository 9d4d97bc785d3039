import type { Helper } from './define.ts'
import { HelperError } from './define.ts'
import { any, example, inFamily, string } from './typed.ts'

const define = inFamily('flow')

/** Functions that stop the rendering with a message of the template's own. */
export const flow: readonly Helper[] = [
  define({
    name: 'fail',
    params: [string('message')],
    doc: 'Stops with the message.',
    example: example('{{ if gt 1 3 }}{{ fail "too many" }}{{ end }}ok', 'ok'),
    call: ([message]) => {
      throw new HelperError(message)
    },
  }),
  define({
    name: 'required',
    params: [string('message'), any('value')],
    doc: 'The value; stops with the message if it is nil or "".',
    example: example('{{ required "a name is needed" .name }}', 'web', { name: 'web' }),
    call: ([message, value]) => {
      if (value === null || value === '') throw new HelperError(message)
      return value
    },
  }),
]
