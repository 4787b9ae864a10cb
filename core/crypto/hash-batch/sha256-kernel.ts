import { type Code, get, i32, moduleOf, repeatUntil, repeatWhile, set, type, v128 } from './assembler.ts'

/** FIPS 180-4, 4.2.2. */
const roundConstants = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]

/** FIPS 180-4, 5.3.3. */
const initialState = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]

/** The memory begins with the round constants, and then the state before any block, in the form of a digest. */
export const initialStateAt = 4 * roundConstants.length
export const fixedBytes = initialStateAt + 32
/** Four messages side by side: four words each of where they are, their states before, their digests, their blocks. */
export const groupBytes = 64

const group = { message: 0, state: 16, digest: 32, blocks: 48 } as const

// Locals: the two parameters first.
const table = 0
const tableEnd = 1
const messages = [2, 3, 4, 5] as const
/** Where a state is read or a digest written. */
const pointers = [6, 7, 8, 9] as const
const blocks = 10
/** Where the constants of the next 16 rounds are. */
const constants = 11
const remaining = 12
const active = 13
const word = (i: number) => 14 + (i & 15)
const before = (i: number) => 30 + i
/** The variables a to h move by one place each round; the places stay, and the names rotate. */
const variable = (i: number, round: number) => 38 + ((i - round) & 7)
const first = 46
const second = 47
const parts = [48, 49, 50, 51] as const
const locals = [...Array.from({ length: 10 }, () => type.i32), ...Array.from({ length: 40 }, () => type.v128)]

const swapBytes = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]
const lowWords = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23]
const highWords = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31]
const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
const highHalves = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31]

const sum = (...terms: Code[]) => terms.reduce(v128.add)
const xor = (...terms: Code[]) => terms.reduce(v128.xor)
const rotate = (local: number, bits: number) =>
  v128.or(v128.shiftRight(get(local), bits), v128.shiftLeft(get(local), 32 - bits))

/** Rows become columns: value i of `into` has word i of each of the four values. */
function transpose(values: readonly Code[], into: readonly number[]): Code {
  const code = values.map((value, i) => set(parts[i]!, value))
  const [a, b, c, d] = parts.map(get) as [Code, Code, Code, Code]
  const pairs: [Code, Code][] = [
    [v128.shuffle(a, b, lowWords), v128.shuffle(c, d, lowWords)],
    [v128.shuffle(a, b, highWords), v128.shuffle(c, d, highWords)],
  ]
  pairs.forEach(([left, right], i) => {
    code.push(set(first, left), set(second, right))
    code.push(set(into[2 * i]!, v128.shuffle(get(first), get(second), lowHalves)))
    code.push(set(into[2 * i + 1]!, v128.shuffle(get(first), get(second), highHalves)))
  })
  return code
}

const swapped = (value: Code) => v128.shuffle(value, value, swapBytes)

/** Reads 16 big-endian bytes of each of the four places. */
const gather = (from: readonly number[], offset: number, into: readonly number[]): Code =>
  transpose(
    from.map((pointer) => [set(first, v128.load(get(pointer), offset)), swapped(get(first))]),
    into,
  )

/** W of a round 16 later, FIPS 180-4, 6.2.2, in the place of the word of this round. */
function schedule(round: number): Code {
  const older = word(round + 1)
  const newer = word(round + 14)
  const small0 = xor(rotate(older, 7), rotate(older, 18), v128.shiftRight(get(older), 3))
  const small1 = xor(rotate(newer, 17), rotate(newer, 19), v128.shiftRight(get(newer), 10))
  return set(word(round), sum(get(word(round)), small0, get(word(round + 9)), small1))
}

function oneRound(round: number): Code {
  const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, (_, i) => variable(i, round)) as [
    ...[number, number, number, number],
    ...[number, number, number, number],
  ]
  const large0 = xor(rotate(a, 2), rotate(a, 13), rotate(a, 22))
  const large1 = xor(rotate(e, 6), rotate(e, 11), rotate(e, 25))
  const choice = v128.select(get(f), get(g), get(e))
  // Where a and b differ c decides; elsewhere both say the same.
  const majority = v128.select(get(c), get(b), v128.xor(get(a), get(b)))
  const constant = v128.loadSplat(get(constants), 4 * round)
  return [
    set(first, sum(get(h), constant, get(word(round)), choice, large1)),
    set(d, v128.add(get(d), get(first))),
    set(h, sum(get(first), majority, large0)),
  ]
}

/** Four times 16 rounds. All 64 in a row would not fit the processor's cache of decoded instructions: half as slow again. */
function allRounds(): Code {
  const sixteen = Array.from({ length: 16 }, (_, i) => i)
  const rounds = [sixteen.map(oneRound), set(constants, i32.add(get(constants), i32.constant(64)))]
  return repeatUntil(rounds, i32.equal(get(constants), i32.constant(initialStateAt)), sixteen.map(schedule))
}

const eight = [0, 1, 2, 3, 4, 5, 6, 7]

/** One block of each message; a message that has ended keeps its state and its place. */
function oneBlock(): Code {
  const advance = set(first, v128.and(get(active), v128.splat(i32.constant(64))))
  return [
    [0, 4, 8, 12].map((at) => gather(messages, 4 * at, [word(at), word(at + 1), word(at + 2), word(at + 3)])),
    eight.map((i) => set(variable(i, 0), get(before(i)))),
    set(constants, i32.constant(0)),
    allRounds(),
    set(active, v128.greater(get(remaining), v128.splat(i32.constant(0)))),
    eight.map((i) => set(before(i), v128.add(get(before(i)), v128.and(get(variable(i, 0)), get(active))))),
    advance,
    messages.map((pointer, lane) => set(pointer, i32.add(get(pointer), v128.lane(get(first), lane)))),
    // Less one where active: all bits set are -1.
    set(remaining, v128.add(get(remaining), get(active))),
    set(blocks, i32.subtract(get(blocks), i32.constant(1))),
  ]
}

const loadPointers = (offset: number, into: readonly number[]) =>
  into.map((local, lane) => set(local, i32.load(get(table), offset + 4 * lane)))

function oneGroup(): Code {
  const halves = [0, 4]
  const output = [word(0), word(1), word(2), word(3)]
  return [
    loadPointers(group.message, messages),
    loadPointers(group.state, pointers),
    halves.map((at) => gather(pointers, 4 * at, [before(at), before(at + 1), before(at + 2), before(at + 3)])),
    set(remaining, v128.load(get(table), group.blocks)),
    set(blocks, i32.load(get(table), group.blocks)),
    repeatWhile(oneBlock(), get(blocks)),
    loadPointers(group.digest, pointers),
    halves.map((at) => [
      transpose(
        [0, 1, 2, 3].map((i) => get(before(at + i))),
        output,
      ),
      pointers.map((pointer, i) => v128.store(get(pointer), 4 * at, swapped(get(output[i]!)))),
    ]),
    set(table, i32.add(get(table), i32.constant(groupBytes))),
  ]
}

function bytesOf(words: readonly number[], littleEndian: boolean): Code {
  const view = new DataView(new ArrayBuffer(4 * words.length))
  words.forEach((value, i) => {
    view.setUint32(4 * i, value, littleEndian)
  })
  return [...new Uint8Array(view.buffer)]
}

/**
 * The module of the kernel: `run(table, tableEnd)` takes groups of four messages, the first of a group having no fewer
 * blocks than the others, and writes the state after the last block of each as a digest. States before the first block
 * have the form of digests too. Messages must be padded; `table` must not be empty.
 */
export function sha256Kernel(): Uint8Array<ArrayBuffer> {
  const body = repeatWhile(oneGroup(), i32.lessUnsigned(get(table), get(tableEnd)))
  const data = [bytesOf(roundConstants, true), bytesOf(initialState, false)]
  return moduleOf(2, locals, body, data)
}
