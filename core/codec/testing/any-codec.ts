import fc from 'fast-check'
import {
  bool,
  bytes,
  type Codec,
  enumeration,
  fixedBytes,
  i128,
  list,
  option,
  refined,
  safeU64,
  sortedList,
  struct,
  text,
  u8,
  u16,
  u32,
  u64,
  u128,
  variant,
  version,
} from '../index.ts'

/** A codec whose type nobody knows; its values come from its own sampler. */
export type UnknownCodec = Codec<unknown>

/** Shown where a property fails. */
interface Described {
  codec: UnknownCodec
  form: string
}

// A codec is invariant in its type, and here only codec and sampler of one pair ever meet.
const described = (form: string, codec: unknown): Described => ({ form, codec: codec as UnknownCodec })

const leaf: fc.Arbitrary<Described> = fc.oneof(
  fc.constantFrom(
    ...Object.entries({ u8, u16, u32, u64, u128, i128, safeU64, bool }).map(([form, codec]) => described(form, codec)),
    described('version 3', version(3)),
    described('enumeration', enumeration({ red: 1, green: 2, blue: 7 })),
    described(
      'even',
      refined(u16 as Codec<number>, (value) => (value % 2 === 0 ? undefined : 'odd')),
    ),
  ),
  fc.nat({ max: 40 }).map((max) => described(`bytes ≤ ${max}`, bytes(max))),
  fc.nat({ max: 40 }).map((max) => described(`text ≤ ${max}`, text(max))),
  fc.nat({ max: 40 }).map((count) => described(`${count} bytes`, fixedBytes(count))),
)

const fieldNames = ['amount', 'from', 'to', 'height'] as const

function structOf(fields: Described[]): Described {
  const entries = fields.map(({ codec }, i) => [fieldNames[i]!, codec] as const)
  return described(`{${fields.map(({ form }) => form).join(', ')}}`, struct(Object.fromEntries(entries)))
}

/** Any composition of the combinators, some levels deep. */
export const anyCodec: fc.Arbitrary<Described> = fc.letrec<{ codec: Described }>((tie) => {
  const inner = tie('codec')
  const max = fc.nat({ max: 20 })
  const fields = fc.array(inner, { minLength: 1, maxLength: fieldNames.length })
  return {
    codec: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fields.map(structOf),
      fc.tuple(inner, max).map(([{ form, codec }, n]) => described(`list ≤ ${n} of ${form}`, list(codec, n))),
      fc.tuple(inner, max).map(([{ form, codec }, n]) => {
        return described(
          `sorted ≤ ${n} of ${form}`,
          sortedList(codec, codec, (item) => item, n),
        )
      }),
      inner.map(({ form, codec }) => described(`option of ${form}`, option(codec))),
      fc.tuple(fields, fields).map(([first, second]) => {
        const [a, b] = [structOf(first), structOf(second)]
        const cases = variant({ a: [1, a.codec as Codec<object>], b: [9, b.codec as Codec<object>] })
        return described(`a ${a.form} | b ${b.form}`, cases)
      }),
    ),
  }
}).codec
