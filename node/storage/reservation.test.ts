import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openReservation } from './reservation.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const ledger = new Uint8Array(32).fill(7)

test('is unset at first, keeps what was raised, and never goes down', async () => {
  const file = join(temporaryFolder(), 'deeper', 'reservation')
  const first = await openReservation(file, ledger)
  expect(first.read()).toBeUndefined()
  expect(first.damaged).toBe(false)
  await Promise.all([
    first.raise({ epoch: 0, view: 256 }),
    first.raise({ epoch: 0, view: 512 }),
    first.raise({ epoch: 0, view: 1 }),
  ])
  expect(first.read()).toEqual({ epoch: 0, view: 512 })
  const second = await openReservation(file, ledger)
  expect(second.read()).toEqual({ epoch: 0, view: 512 })
  await second.raise({ epoch: 1, view: 3 })
  expect((await openReservation(file, ledger)).read()).toEqual({ epoch: 1, view: 3 })
  expect(readdirSync(join(file, '..'))).toEqual(['reservation'])
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('says so of any changed or missing byte, and relies on nothing then', async () => {
  const file = join(temporaryFolder(), 'reservation')
  await (await openReservation(file, ledger)).raise({ epoch: 2, view: 77 })
  const bytes = readFileSync(file)
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 4
    for (const content of [changed, bytes.subarray(0, at)]) {
      writeFileSync(file, content)
      const found = await openReservation(file, ledger)
      expect([found.damaged, found.read()]).toEqual([true, undefined])
    }
  }
})

test('refuses the file of another ledger', async () => {
  const file = join(temporaryFolder(), 'reservation')
  await (await openReservation(file, ledger)).raise({ epoch: 0, view: 1 })
  const opening = openReservation(file, new Uint8Array(32))
  await expect(opening).rejects.toMatchObject({ code: 'STORAGE_WRONG_LEDGER', file })
})
