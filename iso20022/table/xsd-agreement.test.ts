import { describe, expect, test } from 'vitest'
import { components, MESSAGES } from './schema.ts'
import { componentsOfSchema, describeRule, SCHEMA_FILES, samplesAreMissing } from './testing/read-xsd.ts'

if (samplesAreMissing) console.log('skipped: ../shared/data/iso20022 is missing, the tables are not compared with XSDs')

/** Names of the components that a message consists of, by the tables. */
function reachableFrom(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found
  found.add(name)
  const rule = components().get(name)
  if (!rule) throw new Error(`no component ${name}`)
  if (rule.kind === 'value' && rule.attribute) reachableFrom(rule.attribute.type, found)
  if (rule.kind === 'sequence' || rule.kind === 'choice') {
    for (const { type } of rule.elements) reachableFrom(type, found)
  }
  return found
}

describe.skipIf(samplesAreMissing)('tables and published schemas', () => {
  test.each(['pain.001.001.03', 'pain.001.001.09'] as const)(
    '%s: the same components, none more or less',
    (message) => {
      const schema = componentsOfSchema(SCHEMA_FILES[message])
      schema.delete('Document')
      const names = reachableFrom(MESSAGES[message].type)
      expect([...names].sort()).toEqual([...schema.keys()].sort())
      for (const name of names)
        expect(`${name} = ${describeRule(components().get(name)!)}`).toBe(`${name} = ${schema.get(name)}`)
    },
  )

  test('pain.002: components that V10 shares with V11 are the same', () => {
    const schema = componentsOfSchema(SCHEMA_FILES['pain.002.001.11'])
    const shared = [...reachableFrom(MESSAGES['pain.002.001.10'].type)].filter((name) => schema.has(name))
    expect(shared).toEqual(
      expect.arrayContaining(['GroupHeader86', 'OriginalGroupHeader17', 'StatusReasonInformation12']),
    )
    for (const name of shared)
      expect(`${name} = ${describeRule(components().get(name)!)}`).toBe(`${name} = ${schema.get(name)}`)
  })

  test('pain.002: components that V11 renamed have the same elements in the same order', () => {
    const schema = componentsOfSchema(SCHEMA_FILES['pain.002.001.11'])
    const namesOf = (line: string) => line.replace(/ (\d+\.\.\w+) \w+/g, ' $1')
    for (const [ours, theirs] of [
      ['OriginalPaymentInstruction32', 'OriginalPaymentInstruction38'],
      ['PaymentTransaction105', 'PaymentTransaction126'],
      ['CustomerPaymentStatusReportV10', 'CustomerPaymentStatusReportV11'],
    ] as const) {
      expect(namesOf(describeRule(components().get(ours)!))).toBe(namesOf(schema.get(theirs)!))
    }
  })
})

test('every component that the tables name is defined, and every defined one is used', () => {
  const used = new Set<string>()
  for (const { type } of Object.values(MESSAGES)) reachableFrom(type, used)
  expect([...components().keys()].filter((name) => !used.has(name))).toEqual([])
})
