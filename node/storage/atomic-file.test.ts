import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openKeyUse } from './key-use.ts'
import { openReservation } from './reservation.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const key = new Uint8Array(32).fill(1)

/** What a crash within `writeFileAtomic` leaves, and names that are only like it. */
function leave(folder: string, name: string): string[] {
  const kept = [
    `${name}.0123456789ab.tmp.old`,
    `${name}.0123456789AB.tmp`,
    `${name}.0123456789abc.tmp`,
    `${name}.tmp`,
    `${name}-1.0123456789ab.tmp`,
    `old-${name}.0123456789ab.tmp`,
  ]
  for (const file of [`${name}.0123456789ab.tmp`, `${name}.ffffffffffff.tmp`, ...kept]) {
    writeFileSync(join(folder, file), 'half')
  }
  return kept
}

const openers = {
  reservation: async (file: string) => (await openReservation(file, key)).raise({ epoch: 0, view: 1 }),
  'consensus-keys-used': async (file: string) => (await openKeyUse(file, key)).note(),
}

for (const [name, writeOnce] of Object.entries(openers)) {
  test(`${name}: what a crash within a write left is deleted when it is next opened, and nothing else`, async () => {
    const folder = temporaryFolder()
    const file = join(folder, name)
    const kept = leave(folder, name)
    // The first write of all may have been the one that crashed.
    await writeOnce(file)
    expect(readdirSync(folder).sort()).toEqual([name, ...kept].sort())
    leave(folder, name)
    await writeOnce(file)
    expect(readdirSync(folder).sort()).toEqual([name, ...kept].sort())
  })
}
