import type { Codec } from './codec.ts'
import { CodecError } from './errors.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

const u64Max = (1n << 64n) - 1n
const u128Max = (1n << 128n) - 1n
const i128Min = -(1n << 127n)
const i128Max = (1n << 127n) - 1n

function checkNumber(value: unknown, max: number, path: string): number {
  if (typeof value !== 'number') throw new CodecError('CODEC_WRONG_TYPE', path, 'a number is wanted')
  if (!Number.isInteger(value) || value < 0 || value > max || Object.is(value, -0)) {
    throw new CodecError('CODEC_OUT_OF_RANGE', path, `an integer from 0 to ${max} is wanted, not ${value}`)
  }
  return value
}

function smallInteger(max: number, write: (w: Writer, v: number) => void, read: (r: Reader) => number): Codec<number> {
  return {
    write: (writer, value) => write(writer, checkNumber(value, max, '')),
    read,
    toJson: (value) => value,
    fromJson: (json, path) => checkNumber(json, max, path),
    sample: (sampler) => Number(sampler.bigint(BigInt(max))),
  }
}

export const u8: Codec<number> = smallInteger(
  0xff,
  (w, v) => w.u8(v),
  (r) => r.u8(),
)
export const u16: Codec<number> = smallInteger(
  0xffff,
  (w, v) => w.u16(v),
  (r) => r.u16(),
)
export const u32: Codec<number> = smallInteger(
  0xffff_ffff,
  (w, v) => w.u32(v),
  (r) => r.u32(),
)

// Two halves, since going through a bigint costs several times as much.
const wordRange = 2 ** 32
const safeHighMax = 2 ** 21 - 1

/** Eight bytes that hold at most 2^53 − 1, so that heights, views and times are ordinary numbers. */
export const safeU64: Codec<number> = smallInteger(
  Number.MAX_SAFE_INTEGER,
  (w, v) => {
    w.u32(v % wordRange)
    w.u32(Math.floor(v / wordRange))
  },
  (r) => {
    const low = r.u32()
    const high = r.u32()
    if (high > safeHighMax) throw new CodecError('CODEC_OUT_OF_RANGE', '', 'an integer above 2^53 - 1')
    return high * wordRange + low
  },
)

function checkBigint(value: unknown, min: bigint, max: bigint, path: string): bigint {
  if (typeof value !== 'bigint') throw new CodecError('CODEC_WRONG_TYPE', path, 'a bigint is wanted')
  if (value < min || value > max) {
    throw new CodecError('CODEC_OUT_OF_RANGE', path, `an integer from ${min} to ${max} is wanted, not ${value}`)
  }
  return value
}

function bigInteger(
  min: bigint,
  max: bigint,
  write: (w: Writer, v: bigint) => void,
  read: (r: Reader) => bigint,
): Codec<bigint> {
  return {
    write: (writer, value) => write(writer, checkBigint(value, min, max, '')),
    read,
    toJson: (value) => value.toString(),
    fromJson: (json, path) => {
      if (typeof json !== 'string' || !/^(0|-?[1-9][0-9]{0,38})$/.test(json)) {
        throw new CodecError('CODEC_WRONG_TYPE', path, 'a decimal string is wanted')
      }
      return checkBigint(BigInt(json), min, max, path)
    },
    sample: (sampler) => min + sampler.bigint(max - min),
  }
}

function writeWide(writer: Writer, value: bigint): void {
  writer.u64(BigInt.asUintN(64, value))
  writer.u64(BigInt.asUintN(64, value >> 64n))
}

function readWide(reader: Reader): bigint {
  const low = reader.u64()
  const high = reader.u64()
  // Most amounts fit the lower half.
  return high === 0n ? low : (high << 64n) | low
}

export const u64: Codec<bigint> = bigInteger(
  0n,
  u64Max,
  (w, v) => w.u64(v),
  (r) => r.u64(),
)
export const u128: Codec<bigint> = bigInteger(0n, u128Max, writeWide, readWide)
/** Two's complement. */
export const i128: Codec<bigint> = bigInteger(i128Min, i128Max, writeWide, (r) => BigInt.asIntN(128, readWide(r)))

/** One byte, 0 or 1. */
export const bool: Codec<boolean> = {
  write: (writer, value) => writer.u8(value ? 1 : 0),
  read: (reader) => {
    const byte = reader.u8()
    if (byte > 1) throw new CodecError('CODEC_NOT_CANONICAL', '', `a boolean is 0 or 1, not ${byte}`)
    return byte === 1
  },
  toJson: (value) => value,
  fromJson: (json, path) => {
    if (typeof json !== 'boolean') throw new CodecError('CODEC_WRONG_TYPE', path, 'true or false is wanted')
    return json
  },
  sample: (sampler) => sampler.below(2) === 1,
}
