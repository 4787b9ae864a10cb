import { describe, expect, it } from 'vitest'
import { encode, Sampler } from '../../codec/index.ts'
import { stateKey } from '../../protocol/index.ts'
import { latin1, stateKeyText } from './state-key-text.ts'

describe('stateKeyText', () => {
  it('behavior: is the encoding of the key, for every kind', () => {
    const sampler = new Sampler(7n)
    const kinds = new Set<string>()
    for (let i = 0; i < 200; i++) {
      const key = stateKey.sample(sampler)
      kinds.add(key.kind)
      expect(stateKeyText(key)).toBe(latin1(encode(stateKey, key)))
    }
    expect(kinds.size).toBe(15)
  })
})
