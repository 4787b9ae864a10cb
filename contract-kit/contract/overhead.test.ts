import { ContractImage, callLimitsDefault } from '@tallystick/core/contract-vm'
import { beforeAll, describe, expect, test } from 'vitest'
import { contractMachine } from '../build/index.ts'
import { builtContract } from '../testing/built.ts'
import { fourRecordsByHand } from '../testing/four-records-by-hand.ts'
import { idOf, nowMs } from '../testing/memory-ledger.ts'

const ratioMax = 1.5

const question = JSON.stringify({
  kind: 'action',
  name: 'move',
  input: { from: ['r0', 'r1'], to: ['r2', 'r3'], amount: '5' },
  self: { contract: idOf('a'), account: idOf('b'), member: idOf('c'), generation: 0 },
  now: nowMs,
  callers: [
    { kind: 'account', id: idOf('d') },
    { kind: 'member', id: idOf('e') },
  ],
  funds: [],
})
const records = [0, 1, 2, 3].map((n) =>
  JSON.stringify({
    id: `r${n}`,
    owner: `member-${n}`,
    asset: 'EUR',
    balance: String(1_000_000 + n),
    opened: '2026-11-20',
    note: 'x'.repeat(60),
  }),
)

const images: Record<string, ContractImage> = {}
const written: Record<string, string[]> = { kit: [], hand: [] }

function call(name: string) {
  const outcome = images[name]!.call(
    question,
    (asked) => {
      if (asked.startsWith('g')) return `=${records[Number(asked.at(-1))]}`
      written[name]!.push(asked)
      return '='
    },
    callLimitsDefault,
  )
  if (outcome.kind !== 'returned') throw new Error(JSON.stringify(outcome, (_, value) => String(value)))
  return outcome
}

describe('four records, read and written', () => {
  beforeAll(async () => {
    const created = ContractImage.create(contractMachine(), fourRecordsByHand, callLimitsDefault)
    if (!('image' in created)) throw new Error(created.kind)
    images.hand = created.image
    images.kit = (await builtContract('four-records.ts')).image
  })

  test('behavior: the kit takes at most half as much fuel again as a contract by hand, and writes the same', () => {
    const [kit, hand] = [call('kit'), call('hand')]
    expect(kit.output).toBe(hand.output)
    expect(written.kit).toEqual(written.hand)
    expect(Number(kit.fuelUsed) / Number(hand.fuelUsed)).toBeLessThan(ratioMax)
  })
})
