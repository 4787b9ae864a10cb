import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contract as escrow } from './escrow/contract.ts'
import { contract as recurringPayment } from './recurring-payment/contract.ts'
import { contract as shipmentPayment } from './shipment-payment/contract.ts'

/** Refused by the kit, and told in the READMEs where it is a party's mistake. */
const codesOfKit = ['NOT_AUTHORIZED']

describe.each([escrow, recurringPayment, shipmentPayment])('README of $manifest.name', ({ manifest }) => {
  const folder = new URL(`./${manifest.name}/`, import.meta.url)
  const readme = readFileSync(new URL('README.md', folder), 'utf8')
  const sources = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))

  test.each(['actions', 'views', 'events'] as const)('names all %s', (kind) => {
    const missing = Object.keys(manifest[kind]).filter((name) => !readme.includes(`\`${name}\``))
    expect(missing).toEqual([])
  })

  test('its table of errors has every code of the contract, and no other', () => {
    const refused = sources.flatMap((source) =>
      [...source.matchAll(/refuse\(\s*'([A-Z_]+)'/g)].map(([, code]) => code!),
    )
    const table = readme.slice(readme.indexOf('| error | when |')).split('\n\n')[0]!
    const told = [...table.matchAll(/`([A-Z_]{4,})`/g)].map(([, code]) => code!)
    expect([...new Set(told)].sort()).toEqual([...new Set([...refused, ...codesOfKit])].sort())
  })
})
