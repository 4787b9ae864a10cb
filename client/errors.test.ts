import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ClientError, type ClientErrorCode, clientErrors } from './errors.ts'

test('every code is documented in docs/client.md, and no other stands there', () => {
  const text = readFileSync(new URL('../docs/client.md', import.meta.url), 'utf8')
  const documented = [...text.matchAll(/^\| `(CLIENT_[A-Z_]+)` \|/gm)].map(([, code]) => code)
  expect(documented.sort()).toEqual(Object.keys(clientErrors).sort())
})

test('an error says what happened, what to do and where it is documented', () => {
  for (const code of Object.keys(clientErrors) as ClientErrorCode[]) {
    const error = new ClientError(code, { detail: 'More.' })
    expect(error.message).toMatch(/\. More\.$/)
    expect(error.action).toMatch(/\.$/)
    expect(error.docs).toBe(`docs/client.md#${code.toLowerCase()}`)
  }
})

test('every code of the table is used', () => {
  const folder = new URL('.', import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.includes('.test.') && !/^(dist|errors\.ts)/.test(name),
  )
  const sources = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
  const unused = Object.keys(clientErrors).filter((code) => !sources.includes(`'${code}'`))
  expect(unused).toEqual([])
})
