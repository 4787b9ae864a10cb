import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

describe('the page of errors', () => {
  test.skipIf(!existsSync(at('../cli/dist/errors.js')))('says what the tables in the code say', () => {
    const { status, stdout } = spawnSync(process.execPath, [at('./errors-page.mjs'), '--check'], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    expect([status, stdout]).toEqual([0, ''])
  })

  test('every anchor is there once, the plain code at its first row', async () => {
    const { Anchors, repeatedIds } = await import(at('./anchors.mjs'))
    const page = readFileSync(at('../docs/errors.md'), 'utf8')
    expect(repeatedIds(page)).toEqual([])
    const first = new Map<string, string>()
    for (const [, id, code] of page.matchAll(/<a id="([^"]*)"><\/a>`([^`]*)`/g)) {
      if (!first.has(code!)) first.set(code!, id!)
    }
    expect(first.size).toBeGreaterThan(100)
    for (const [code, id] of first) expect(id).toBe(code.toLowerCase())

    expect(repeatedIds('<a id="a"></a> <a id="b"></a> <a id="a"></a>')).toEqual(['a'])
    const anchors = new Anchors()
    expect([anchors.idOf('A_B', 'One'), anchors.idOf('A_B', 'Two words')]).toEqual(['a_b', 'a_b-two-words'])
  })
})
