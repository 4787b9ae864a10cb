import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { type Codec, decode, decodeJson, encode, Sampler } from '../index.ts'

const frozenFile = fileURLToPath(new URL('../../../spec/vectors/encodings.json', import.meta.url))
const sampleCount = 1000
const lockWaitMs = 10_000

type Frozen = Record<string, string>

const namesUsed = new Set<string>()

/**
 * Fails unless a codec encodes 1,000 sampled values as it did when its form was frozen in spec/vectors/encodings.json, and
 * reads each of them back, from bytes and from JSON. `UPDATE_VECTORS=1` accepts the new form.
 * @param name - Of the form, such as `protocol/header`; each stands once.
 */
export function expectFrozen<T>(name: string, codec: Codec<T>): void {
  if (namesUsed.has(name)) throw new Error(`"${name}" is frozen twice: give each form a name of its own`)
  namesUsed.add(name)
  const digest = digestOfSamples(codec)
  if (process.env.UPDATE_VECTORS === '1') accept(name, digest)
  const frozen = readFrozen()[name]
  const how = `If this change of format is meant, accept it with UPDATE_VECTORS=1 and commit ${frozenFile}`
  const what = frozen === undefined ? 'is not frozen yet' : 'no longer has its frozen form: old data could not be read'
  expect(digest, `The encoding "${name}" ${what}. ${how}`).toBe(frozen)
}

/** SHA-256 over the encodings of 1,000 samples, each behind its length (u32, little-endian). */
export function digestOfSamples<T>(codec: Codec<T>): string {
  const sampler = new Sampler(1n)
  const hash = createHash('sha256')
  for (let i = 0; i < sampleCount; i++) {
    const value = codec.sample(sampler)
    const bytes = encode(codec, value)
    expect(decode(codec, bytes)).toEqual(value)
    expect(decodeJson(codec, JSON.parse(JSON.stringify(codec.toJson(value))))).toEqual(value)
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, bytes.length, true)
    hash.update(length).update(bytes)
  }
  return hash.digest('hex')
}

function readFrozen(): Frozen {
  return existsSync(frozenFile) ? (JSON.parse(readFileSync(frozenFile, 'utf8')) as Frozen) : {}
}

/** Test files run in processes of their own, so the file is changed under a lock and replaced as a whole. */
function accept(name: string, digest: string): void {
  const lock = `${frozenFile}.lock`
  takeLock(lock)
  try {
    const frozen = readFrozen()
    if (frozen[name] === digest) return
    const sorted = Object.entries({ ...frozen, [name]: digest }).sort(([a], [b]) => (a < b ? -1 : 1))
    const temporary = `${frozenFile}.${process.pid}`
    writeFileSync(temporary, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`)
    renameSync(temporary, frozenFile)
  } finally {
    rmSync(lock)
  }
}

function takeLock(lock: string): void {
  for (let waitedMs = 0; ; waitedMs += 10) {
    try {
      closeSync(openSync(lock, 'wx'))
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (waitedMs > lockWaitMs) throw new Error(`${lock} is held by another run; remove it if none is left`)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}
