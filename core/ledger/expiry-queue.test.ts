import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExpiryQueue } from './expiry-queue.ts'

describe('ExpiryQueue', () => {
  it('behavior: gives what is due and lives, in (time, key) order, however it was filled', () => {
    const arbitraryExpiries = fc.array(fc.record({ atMs: fc.nat(20), dead: fc.boolean() }), { maxLength: 60 })
    fc.assert(
      fc.property(arbitraryExpiries, fc.nat(20), (expiries, nowMs) => {
        const named = expiries.map((expiry, i) => ({ ...expiry, text: `${(i * 7919) % 97}.${i}` }))
        const dead = new Set(named.filter((expiry) => expiry.dead).map(({ text }) => text))
        const queue = new ExpiryQueue((text) => !dead.has(text))
        for (const { atMs, text } of named) queue.push({ atMs, text })
        const due: string[] = []
        for (let next = queue.popDue(nowMs); next !== undefined; next = queue.popDue(nowMs)) due.push(next.text)
        const expected = named
          .filter(({ atMs, text }) => atMs <= nowMs && !dead.has(text))
          .sort((a, b) => a.atMs - b.atMs || (a.text < b.text ? -1 : 1))
        expect(due).toEqual(expected.map(({ text }) => text))
      }),
    )
  })

  it('behavior: the dead do not pile up', () => {
    const alive = new Set<string>()
    let asked = 0
    const queue = new ExpiryQueue((text) => {
      asked++
      return alive.has(text)
    })
    for (let i = 0; i < 50_000; i++) queue.push({ atMs: 1_000_000 - i, text: `${i}` })
    expect(queue.peek()).toBeUndefined()
    expect(asked).toBeLessThan(60_000)
  })
})
