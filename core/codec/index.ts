export { bytes, bytes32, fixedBytes, text } from './bytes.ts'
export {
  type Codec,
  compareBytes,
  decode,
  decodeJson,
  decodeJsonText,
  encode,
  encodeJsonText,
  equalBytes,
  type Infer,
  type Json,
} from './codec.ts'
export { list, refined, sortByEncoding, sortedList } from './collections.ts'
export { CodecError, type CodecErrorCode, codecProblems } from './errors.ts'
export { fromHex, toHex } from './hex.ts'
export { bool, i128, safeU64, u8, u16, u32, u64, u128 } from './integers.ts'
export { Reader } from './reader.ts'
export { Sampler } from './sampler.ts'
export { branded, enumeration, option, struct, version } from './structures.ts'
export { type VariantOf, variant } from './variant.ts'
export { Writer } from './writer.ts'
