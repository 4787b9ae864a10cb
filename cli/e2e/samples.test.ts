import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isBuilt, tallystick, tallystickJson } from './command.ts'
import { temporaryHome } from './home.ts'

const sample = fileURLToPath(
  new URL('../../../shared/data/iso20022/moov-iso20022/test/testdata/gistfile1.xml', import.meta.url),
)
const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
const today = (): string => new Date().toISOString().slice(0, 10)

describe.skipIf(!isBuilt || !existsSync(sample))('gistfile1.xml, a file of 2009', () => {
  let cwd: string
  let remove: () => Promise<void>
  beforeAll(async () => {
    ;({ cwd, remove } = await temporaryHome())
    expect((await tallystick(cwd, 'demo', '--exit')).exit).toBe(0)
    expect((await tallystick(cwd, 'network', 'start')).exit).toBe(0)
    // Longer than the commands' own limits, so that a failure is theirs to tell.
  }, 300_000)
  afterAll(async () => {
    await tallystick(cwd, 'network', 'stop')
    await remove()
  })

  it('is refused for its date, then for its accounts, and pays its three payments with an address book and another date', async () => {
    const old = await tallystick(cwd, 'payments', 'import', sample)
    // The date and the accounts are told together.
    expect([old.exit, old.output]).toEqual([2, expect.stringContaining('PAIN001_DATE_TOO_OLD')])
    expect(old.output).toContain('PAYMENT_DEBTOR_UNKNOWN')
    expect(old.output).toContain('PAYMENT_CREDITOR_UNKNOWN')
    const unknown = await tallystick(cwd, 'payments', 'import', sample, '--business-date', yesterday())
    expect([unknown.exit, unknown.output]).toEqual([2, expect.stringContaining('PAYMENT_DEBTOR_UNKNOWN')])
    const flags = ['--business-date', yesterday(), '--open-accounts']
    const paid = await tallystickJson(cwd, 'payments', 'import', sample, ...flags)
    expect(paid).toMatchObject({ payments: 3, paid: 3, receiptsVerified: 3 })
    const again = await tallystickJson(cwd, 'payments', 'import', sample, ...flags)
    expect(again).toMatchObject({ paid: 0, paidEarlier: 3 })
    const otherDate = await tallystickJson(cwd, 'payments', 'import', sample, '--business-date', today())
    expect(otherDate).toMatchObject({
      paid: 0,
      rejected: 3,
      rejections: [{ code: 'PAYMENT_PAID_UNDER_OTHER_DATE', iso: 'AM05' }],
    })
  }, 60_000)
})
