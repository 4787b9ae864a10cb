import type { Codec, Infer, Json } from './codec.ts'
import { CodecError } from './errors.ts'
import { checkTags, located } from './structures.ts'

// biome-ignore lint/suspicious/noExplicitAny: a codec is invariant in its type, so only `any` accepts every case
type Cases = Record<string, readonly [tag: number, codec: Codec<any>]>

/** `{kind: 'transfer', …fields}` for each case. */
export type VariantOf<C extends Cases> = {
  [K in keyof C & string]: { readonly kind: K } & Infer<C[K][1]>
}[keyof C & string]

/**
 * One byte that names the case, then the case's struct. In JSON and in memory the case is the field `kind`, so no struct
 * may have a field of that name.
 */
export function variant<const C extends Cases>(cases: C): Codec<VariantOf<C>> {
  const byTag = new Map<number, [string, Codec<object>]>()
  for (const [kind, [tag, codec]] of Object.entries(cases)) byTag.set(tag, [kind, codec])
  checkTags(Object.values(cases).map(([tag]) => tag))
  const kinds = Object.keys(cases)
  const find = (kind: unknown, path: string): readonly [number, Codec<object>] => {
    const found = typeof kind === 'string' && Object.hasOwn(cases, kind) ? cases[kind] : undefined
    if (found === undefined) throw new CodecError('CODEC_UNKNOWN_VARIANT', path, `kind is one of ${kinds.join(', ')}`)
    return found
  }
  return {
    write: (writer, value) => {
      const [tag, codec] = find(value.kind, '')
      writer.u8(tag)
      try {
        codec.write(writer, value)
      } catch (error) {
        throw located(value.kind, error)
      }
    },
    read: (reader) => {
      const tag = reader.u8()
      const found = byTag.get(tag)
      if (found === undefined) throw new CodecError('CODEC_UNKNOWN_VARIANT', '', `${tag} names no known kind`)
      const [kind, codec] = found
      try {
        return { kind, ...codec.read(reader) } as VariantOf<C>
      } catch (error) {
        throw located(kind, error)
      }
    },
    toJson: (value) => ({ kind: value.kind, ...(find(value.kind, '')[1].toJson(value) as Record<string, Json>) }),
    fromJson: (json, path) => {
      if (typeof json !== 'object' || json === null)
        throw new CodecError('CODEC_WRONG_TYPE', path, 'an object is wanted')
      const { kind, ...fields } = json as Record<string, unknown>
      return { kind, ...find(kind, path)[1].fromJson(fields, path) } as VariantOf<C>
    },
    sample: (sampler) => {
      const kind = kinds[sampler.below(kinds.length)]!
      return { kind, ...cases[kind]![1].sample(sampler) } as VariantOf<C>
    },
  }
}
