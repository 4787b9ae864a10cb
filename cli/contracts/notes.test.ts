import type { Client } from '@tallystick/client'
import { equalBytes } from '@tallystick/core/codec'
import type { CodeHash, ContractCode } from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import type { KnownContract } from '../ledger/contracts.ts'
import { stackMapper } from './notes.ts'

const codeOf = (n: number) => new Uint8Array(32).fill(n) as CodeHash
/** Its one line is the first of the given file. */
const mapTo = (file: string) => JSON.stringify({ version: 3, sources: [file], names: [], mappings: 'AAAA' })
const [first, second] = [codeOf(1), codeOf(2)]
const stack = 'Error: no\n    at run (contract:2:1)'

test('a stack is mapped by the code that ran, each code asked for once; without one by the newest', async () => {
  const asked: CodeHash[] = []
  const node: Pick<Client, 'publishedCode'> = {
    publishedCode: async (code) => {
      asked.push(code)
      return { sourceMap: mapTo(equalBytes(code, first) ? 'first.ts' : 'second.ts') } as ContractCode
    },
  }
  const contract = { record: { code: second } } as KnownContract
  const traceOf = stackMapper({ signal: new AbortController().signal }, node, contract)
  expect(await traceOf({ code: undefined, stack: undefined })).toBeUndefined()
  expect(asked).toEqual([])
  expect(await traceOf({ code: first, stack })).toBe('    at run (first.ts:1:1)')
  expect(await traceOf({ code: second, stack })).toBe('    at run (second.ts:1:1)')
  expect(await traceOf({ code: undefined, stack })).toBe('    at run (second.ts:1:1)')
  expect(await traceOf({ code: first, stack })).toBe('    at run (first.ts:1:1)')
  expect(asked).toEqual([first, second])
})
