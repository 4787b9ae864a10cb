import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { kitText } from './kit-text.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))
const compiled = `${folder}dist/build/kit-text.js`

/** Whether what is compiled is what stands here. */
function isCurrent(): boolean {
  if (!existsSync(compiled)) return false
  const compiledMs = statSync(`${folder}dist/.tsbuildinfo`).mtimeMs
  const sources = ['contract', 'host', 'schema', 'tables'].flatMap((name) =>
    readdirSync(`${folder}${name}`).map((file) => `${folder}${name}/${file}`),
  )
  return [...sources, `${folder}errors.ts`, `${folder}runtime.ts`].every((file) => statSync(file).mtimeMs < compiledMs)
}

test.skipIf(!isCurrent())('the kit is the same from TypeScript and compiled', async () => {
  const other = (await import(compiled)) as { kitText: typeof kitText }
  expect(await other.kitText()).toEqual(await kitText())
})

test('the kit is one line, which declares one name', async () => {
  const { statement, names } = await kitText()
  expect(statement).toMatch(/^const kit=\(\(\)=>\{"use strict";.*\}\)\(\);$/)
  expect(names).toEqual([
    'LedgerError',
    'Refusal',
    'action',
    'defineContract',
    'fromJson',
    'refuse',
    't',
    'table',
    'toJson',
    'view',
  ])
})
