import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
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
})
