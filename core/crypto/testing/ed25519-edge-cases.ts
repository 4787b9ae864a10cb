import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { fromHex, toHex } from '../../codec/index.ts'

/** One question to a verifier; the answer is frozen in spec/vectors/ed25519-edge-cases.json. */
export interface EdgeCase {
  name: string
  publicKey: string
  message: string
  signature: string
}

const { Point } = ed25519
type EdwardsPoint = InstanceType<typeof Point>
const groupOrder = Point.Fn.ORDER
const fieldPrime = Point.Fp.ORDER

/** Secrets of the cases; anything would do. */
const a = 0x123456789abcdef0fedcba9876543210n
const r = 0x0f1e2d3c4b5a69788796a5b4c3d2e1f0n

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function challenge(rBytes: Uint8Array, aBytes: Uint8Array, message: Uint8Array): bigint {
  return numberOf(sha512(Uint8Array.from([...rBytes, ...aBytes, ...message]))) % groupOrder
}

function edgeCase(name: string, key: Uint8Array, message: Uint8Array, rBytes: Uint8Array, s: bigint): EdgeCase {
  const signature = toHex(rBytes) + toHex(littleEndian(s))
  return { name, publicKey: toHex(key), message: toHex(message), signature }
}

/** The equation without the cofactor. */
function fits(s: bigint, rPoint: EdwardsPoint, aPoint: EdwardsPoint, h: bigint): boolean {
  return Point.BASE.multiplyUnsafe(s % groupOrder).equals(rPoint.add(aPoint.multiplyUnsafe(h)))
}

interface Encoded {
  name: string
  point: EdwardsPoint
  bytes: Uint8Array
}

const torsion: Encoded[] = ED25519_TORSION_SUBGROUP.map((hex, i) => {
  return { name: `small-order ${i}`, point: Point.fromHex(hex), bytes: fromHex(hex) }
})

/** Encodings that lenient decoders take for small-order points: y not reduced, or the sign of x = 0 set. */
const odd: Encoded[] = [
  { name: 'y = p', y: fieldPrime, sign: 0, canonical: 6 },
  { name: 'y = p, sign set', y: fieldPrime, sign: 1, canonical: 2 },
  { name: 'y = p + 1', y: fieldPrime + 1n, sign: 0, canonical: 0 },
  { name: 'y = p + 1, sign set', y: fieldPrime + 1n, sign: 1, canonical: 0 },
  { name: 'y = 1, sign set', y: 1n, sign: 1, canonical: 0 },
  { name: 'y = p - 1, sign set', y: fieldPrime - 1n, sign: 1, canonical: 4 },
].map(({ name, y, sign, canonical }) => ({
  name: `non-canonical ${name}`,
  point: torsion[canonical]!.point,
  bytes: littleEndian(y | (BigInt(sign) << 255n)),
}))

/** Two messages: one for which the equation holds exactly, one for which it holds only times the cofactor. */
function messagesFor(
  rOf: Encoded,
  aOf: Encoded,
  sOf: (h: bigint) => bigint,
): { exact: boolean; message: Uint8Array }[] {
  const found = new Map<boolean, Uint8Array>()
  for (let i = 0; i < 64; i++) {
    const message = Uint8Array.of(i)
    const h = challenge(rOf.bytes, aOf.bytes, message)
    const exact = fits(sOf(h), rOf.point, aOf.point, h)
    if (!found.has(exact)) found.set(exact, message)
  }
  return [...found].map(([exact, message]) => ({ exact, message }))
}

function crafted(name: string, aOf: Encoded, rOf: Encoded, sOf: (h: bigint) => bigint): EdgeCase[] {
  return messagesFor(rOf, aOf, sOf).map(({ exact, message }) => {
    const h = challenge(rOf.bytes, aOf.bytes, message)
    const equation = exact ? 'the equation holds' : 'the equation holds only times the cofactor'
    return edgeCase(`${name}; ${equation}`, aOf.bytes, message, rOf.bytes, sOf(h))
  })
}

function encoded(name: string, point: EdwardsPoint): Encoded {
  return { name, point, bytes: point.toBytes() }
}

const plainA = encoded('ordinary', Point.BASE.multiply(a))
const plainR = encoded('ordinary', Point.BASE.multiply(r))
const mixed = (base: Encoded, i: number) => encoded(`plus ${torsion[i]!.name}`, base.point.add(torsion[i]!.point))

function smallOrderCases(): EdgeCase[] {
  const signed = (h: bigint) => (h * a) % groupOrder
  return [...torsion, ...odd].flatMap((small) => [
    ...crafted(`key ${small.name}, R ordinary`, small, plainR, () => r),
    ...crafted(`key ordinary, R ${small.name}`, plainA, small, signed),
    ...crafted(`key ${small.name}, R identity, S 0`, small, torsion[0]!, () => 0n),
    ...crafted(`key identity, R ${small.name}, S 0`, torsion[0]!, small, () => 0n),
  ])
}

function mixedOrderCases(): EdgeCase[] {
  const signed = (h: bigint) => (r + h * a) % groupOrder
  return [1, 2, 3, 4, 5, 6, 7].flatMap((i) => [
    ...crafted(`key plus small-order ${i}`, mixed(plainA, i), plainR, signed),
    ...crafted(`R plus small-order ${i}`, plainA, mixed(plainR, i), signed),
    ...crafted(`key and R plus small-order ${i}`, mixed(plainA, i), mixed(plainR, i), signed),
    ...crafted(`key plus small-order ${i}, R plus its opposite`, mixed(plainA, i), mixed(plainR, 8 - i), signed),
  ])
}

function scalarCases(): EdgeCase[] {
  const message = new TextEncoder().encode('scalar')
  const s = (r + challenge(plainR.bytes, plainA.bytes, message) * a) % groupOrder
  const withS = (name: string, value: bigint) => edgeCase(`S ${name}`, plainA.bytes, message, plainR.bytes, value)
  const multiples = Array.from({ length: 14 }, (_, k) =>
    withS(`plus ${k + 1} group orders`, s + BigInt(k + 1) * groupOrder),
  )
  return [
    withS('canonical', s),
    ...multiples,
    ...[253n, 254n, 255n].map((bit) => withS(`with bit ${bit} set`, s | (1n << bit))),
    withS('0', 0n),
    withS('negated', groupOrder - s),
    ...crafted('S is the group order, where 0 would fit', torsion[0]!, torsion[0]!, () => groupOrder),
  ]
}

/** Encodings of no point, or not the one encoding of a point: nobody can sign for them, so nothing must verify. */
function unsignableCases(): EdgeCase[] {
  const message = new TextEncoder().encode('unsignable')
  const encodings = Array.from({ length: 19 }, (_, k) => [k, fieldPrime + BigInt(k)] as const).flatMap(([k, y]) => [
    { name: `y = p + ${k}`, bytes: littleEndian(y) },
    { name: `y = p + ${k}, sign set`, bytes: littleEndian(y | (1n << 255n)) },
  ])
  encodings.push({ name: 'no point: y = 2', bytes: littleEndian(2n) })
  encodings.push({ name: 'no point: y = 7', bytes: littleEndian(7n) })
  return encodings.flatMap(({ name, bytes }) => [
    edgeCase(`key ${name}`, bytes, message, plainR.bytes, r),
    edgeCase(`R ${name}`, plainA.bytes, message, bytes, (challenge(bytes, plainA.bytes, message) * a) % groupOrder),
  ])
}

function lengthCases(): EdgeCase[] {
  const seed = new Uint8Array(32).fill(5)
  const key = ed25519.getPublicKey(seed)
  const lengths = [0, 1, 63, 64, 65, 1023].map((length) => {
    const message = new Uint8Array(length).fill(3)
    const signature = ed25519.sign(message, seed)
    return edgeCase(
      `a message of ${length} bytes`,
      key,
      message,
      signature.subarray(0, 32),
      numberOf(signature.subarray(32)),
    )
  })
  const [plain] = lengths as [EdgeCase]
  return [
    ...lengths,
    { ...plain, name: 'a signature of 63 bytes', signature: plain.signature.slice(0, -2) },
    { ...plain, name: 'a signature of 65 bytes', signature: `${plain.signature}00` },
    { ...plain, name: 'no signature', signature: '' },
    { ...plain, name: 'a key of 31 bytes', publicKey: plain.publicKey.slice(0, -2) },
    { ...plain, name: 'a key of 33 bytes', publicKey: `${plain.publicKey}00` },
  ]
}

/** The cases in which Ed25519 libraries are known to disagree, made anew each time. */
export function makeEdgeCases(): EdgeCase[] {
  return [...smallOrderCases(), ...mixedOrderCases(), ...scalarCases(), ...unsignableCases(), ...lengthCases()]
}

/** Keys that are not of the prime order or not canonically encoded, and ordinary ones, for registration. */
export function makeEdgeKeys(): Encoded[] {
  return [...torsion, ...odd, ...[1, 2, 3, 4, 5, 6, 7].map((i) => mixed(plainA, i)), plainA, plainR]
}
