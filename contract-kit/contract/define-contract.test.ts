import { expect, test } from 'vitest'
import { defineContract, t } from '../index.ts'

test('error: what ends later than the call is no action and no view', () => {
  const async = async () => {}
  const generator = function* () {}
  for (const run of [async, generator]) {
    const late = { run: run as unknown as () => undefined }
    expect(() => defineContract({ name: 'late', actions: { late } })).toThrow(
      new TypeError('late is an async function or a generator: a call ends when run returns'),
    )
    const view = { output: t.null(), run: run as unknown as () => null }
    expect(() => defineContract({ name: 'late', actions: {}, views: { view } })).toThrow('view is an async function')
  }
})
