import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { streamExample } from '@tallystick/iso20022'
import { homePaths } from '../context.ts'
import { replaceFile } from '../replace-file.ts'
import { exampleCustomers } from './example-plan.ts'

const paymentsOfExample = 520

/**
 * The example payment file of a demo network; made at the first call, dated the day when the network was created.
 * @returns its path.
 */
export async function exampleFile(home: string, createdMs: number): Promise<string> {
  const path = join(homePaths.example(home), 'payments.xml')
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (isThere) return path
  await mkdir(homePaths.example(home), { recursive: true, mode: 0o700 })
  const customers = exampleCustomers()
  const created = new Date(createdMs).toISOString()
  const businessDate = created.slice(0, 10)
  const text = [
    ...streamExample({
      seed: 'tallystick-demo',
      version: 'pain.001.001.09',
      businessDate,
      messageId: `TALLY-${businessDate.replaceAll('-', '')}-0001`,
      creationDateTimeIso: `${created.slice(0, 19)}Z`,
      debtors: customers.filter(({ role }) => role === 'debtor').map(({ account }) => account),
      creditors: customers.filter(({ role }) => role === 'creditor').map(({ account }) => account),
      payments: paymentsOfExample,
    }),
  ].join('')
  await replaceFile(path, text)
  return path
}
