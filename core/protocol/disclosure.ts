import { bytes32, encode, type Infer, list, struct, text, u32 } from '../codec/index.ts'
import { type Hash, listPath, listRoot, listRootFromPath, taggedHash } from '../crypto/index.ts'
import { proofPathMax } from './limits.ts'

export const disclosureFieldsMax = 64

/** A field of data that stays off the ledger, such as `creditor.name`. */
export const disclosureField = struct({ name: text(64), value: text(2_048), salt: bytes32 })
export type DisclosureField = Infer<typeof disclosureField>

/** One field shown, with the path to the commitment that the ledger holds. */
export const disclosedField = struct({
  field: disclosureField,
  index: u32,
  count: u32,
  path: list(bytes32, proofPathMax),
})
export type DisclosedField = Infer<typeof disclosedField>

const kind = 'disclosure'

function leafOf(field: DisclosureField): Hash {
  return taggedHash('tallystick/disclosure-field', encode(disclosureField, field))
}

/** The commitment of a movement to its off-ledger fields, each under a salt of its own, so each can be shown alone. */
export function commitmentOf(fields: readonly DisclosureField[]): Hash {
  return listRoot(kind, fields.map(leafOf))
}

export function discloseField(fields: readonly DisclosureField[], index: number): DisclosedField {
  const field = fields[index]
  if (field === undefined) throw new RangeError(`no field ${index} among ${fields.length}`)
  return { field, index, count: fields.length, path: listPath(fields.map(leafOf), index) }
}

/** The commitment that a shown field leads to, or `undefined` if its path does not fit. */
export function commitmentFromField(shown: DisclosedField): Hash | undefined {
  return listRootFromPath(kind, leafOf(shown.field), shown.index, shown.count, shown.path)
}
