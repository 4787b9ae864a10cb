import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { afterAll, describe, expect, test } from 'vitest'
import { createRandom, type RandomSource } from '../example/random.ts'
import { readSample, SCHEMA_FILES, samplesAreMissing } from '../table/testing/read-xsd.ts'
import { checkMessage } from './check-message.ts'
import { allNodes, type DocumentNode, randomMessage, writeDocument } from './testing/random-message.ts'

if (samplesAreMissing) console.log('skipped: ../shared/data/iso20022 is missing, nothing is compared with libxml2')

const ODD_VALUES = [
  '',
  ' ',
  ' TRF',
  'TRF',
  'true',
  'TRUE',
  '-1',
  '-0',
  '1e3',
  '1,5',
  '.',
  '+',
  '0.000001',
  '1234567890123456789',
  '12345678901234567.8',
  '2026-02-29',
  '2026-2-1',
  '2026-11-21T10:00',
  '2026-11-21T25:00:00',
  '2026-11-21T10:00:60',
  '2026-11-21T10:00:00+14:01',
  '0000-01-01',
  '2026-11-21+1:00',
  'eur',
  'EURO',
  'AT61',
  'a'.repeat(36),
  'é'.repeat(35),
  '😀'.repeat(35),
  '😀'.repeat(36),
  'a'.repeat(3000),
]

/** One change of a document that may or may not break it. */
function mutate(root: DocumentNode, random: RandomSource): string {
  const nodes = allNodes(root)
  const parents = nodes.filter(({ children, name }) => children.length > 0 && name !== 'Envlp')
  if (parents.length === 0) return 'nothing left'
  const parent = random.pick(parents)
  const index = random.below(parent.children.length)
  const child = parent.children[index]!
  switch (random.below(8)) {
    case 0:
      parent.children.splice(index, 1)
      return `${child.name} deleted in ${parent.name}`
    case 1:
      parent.children.splice(index, 0, child)
      return `${child.name} doubled in ${parent.name}`
    case 2:
      parent.children.splice(index, 1)
      parent.children.splice(random.below(parent.children.length + 1), 0, child)
      return `${child.name} moved in ${parent.name}`
    case 3:
      child.name = random.pick(nodes).name
      return `a child of ${parent.name} renamed to ${child.name}`
    case 4:
      parent.children.splice(index, 0, random.pick(nodes.filter((node) => node.children.length === 0)))
      return `a leaf added to ${parent.name}`
    case 5:
      parent.text = random.pick([' \n', 'stray'])
      return `text "${parent.text}" in ${parent.name}`
    case 6: {
      const owner = random.pick(nodes.filter((node) => node !== root && node.name !== 'Anything'))
      if ('Ccy' in owner.attributes) delete owner.attributes.Ccy
      else owner.attributes[random.pick(['Ccy', 'id'])] = 'EUR'
      return `attributes of ${owner.name} changed`
    }
    default: {
      const leaf = random.pick(nodes.filter((node) => node.children.length === 0 && node.name !== 'Anything'))
      leaf.text = random.pick(ODD_VALUES)
      return `${leaf.name} set to "${leaf.text.slice(0, 40)}"`
    }
  }
}

describe.skipIf(samplesAreMissing)('the check by table and the check by schema (libxml2) agree', () => {
  const closing: (() => void)[] = []
  afterAll(() => {
    for (const close of closing) close()
  })

  test.each(['pain.001.001.03', 'pain.001.001.09'] as const)(
    '%s: documents, and one to three changes of each',
    async (message) => {
      const schema = XmlDocument.fromBuffer(readSample(SCHEMA_FILES[message]))
      const validator = XsdValidator.fromDoc(schema)
      closing.push(
        () => validator.dispose(),
        () => schema.dispose(),
      )
      const faultOf = (xml: string): string | undefined => {
        const document = XmlDocument.fromString(xml)
        try {
          validator.validate(document)
          return undefined
        } catch (error) {
          return String(error)
        } finally {
          document.dispose()
        }
      }
      let [valid, invalid] = [0, 0]
      for (let seed = 0; seed < 1500; seed += 1) {
        const random = createRandom(`${message}/${seed}`)
        const root = randomMessage(message, random)
        const plain = writeDocument(root)
        if (seed % 10 === 0)
          expect([seed, faultOf(plain), await problems(plain, message)]).toEqual([seed, undefined, []])
        const changes = Array.from({ length: 1 + random.below(3) }, () => mutate(root, random))
        const xml = writeDocument(root)
        const theirs = faultOf(xml)
        const ours = await problems(xml, message)
        if ((theirs === undefined) !== (ours.length === 0)) expect({ seed, changes, ours }).toEqual({ theirs })
        if (theirs === undefined) valid += 1
        else invalid += 1
      }
      expect(Math.min(valid, invalid)).toBeGreaterThan(100)
    },
  )
})

async function problems(xml: string, message: 'pain.001.001.03' | 'pain.001.001.09'): Promise<string[]> {
  const found = await checkMessage([Buffer.from(xml)], message)
  return found.map(({ code, path, message: text }) => `${code} ${path}: ${text}`)
}
