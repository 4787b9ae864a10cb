/**
 * The few WebAssembly instructions that the kernel needs, as bytes. An expression is the code that leaves its value on the
 * stack, so `add(a, b)` is a's code, b's code, then the instruction. Code is nested, and made flat once at the end. Numbers are those of the core specification 2.0,
 * section 5.4 (instructions) and 5.5 (modules).
 */
export type Code = readonly (number | Code)[]

/** A LEB128 number without sign. */
function unsigned(value: number): Code {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  bytes.push(rest)
  return bytes
}

function signed(value: number): Code {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x3f || rest < -0x40; rest >>= 7) bytes.push((rest & 0x7f) | 0x80)
  bytes.push(rest & 0x7f)
  return bytes
}

const simd = (instruction: number) => [0xfd, unsigned(instruction)]
/** `alignment` is the exponent of two that is promised; a promise of 0 always holds. */
const memoryArgument = (offset: number, alignment = 0) => [alignment, unsigned(offset)]

export const type = { i32: 0x7f, v128: 0x7b } as const

export const i32 = {
  constant: (value: number): Code => [0x41, signed(value)],
  load: (address: Code, offset: number): Code => [address, 0x28, memoryArgument(offset)],
  add: (left: Code, right: Code): Code => [left, right, 0x6a],
  subtract: (left: Code, right: Code): Code => [left, right, 0x6b],
  equal: (left: Code, right: Code): Code => [left, right, 0x46],
  lessUnsigned: (left: Code, right: Code): Code => [left, right, 0x49],
}

export const v128 = {
  load: (address: Code, offset: number): Code => [address, simd(0), memoryArgument(offset)],
  /** One 32-bit word, in all four lanes. */
  loadSplat: (address: Code, offset: number): Code => [address, simd(9), memoryArgument(offset)],
  store: (address: Code, offset: number, value: Code): Code => [address, value, simd(11), memoryArgument(offset)],
  /** Byte i of the result is byte `order[i]` of both operands put one after the other. */
  shuffle: (left: Code, right: Code, order: readonly number[]): Code => [left, right, simd(13), order],
  splat: (word: Code): Code => [word, simd(17)],
  lane: (value: Code, lane: number): Code => [value, simd(27), lane],
  /** All bits of a lane where left > right as signed words, else none. */
  greater: (left: Code, right: Code): Code => [left, right, simd(59)],
  and: (left: Code, right: Code): Code => [left, right, simd(78)],
  or: (left: Code, right: Code): Code => [left, right, simd(80)],
  xor: (left: Code, right: Code): Code => [left, right, simd(81)],
  /** The bits of `whereSet` where `mask` has ones, and of `whereClear` elsewhere. */
  select: (whereSet: Code, whereClear: Code, mask: Code): Code => [whereSet, whereClear, mask, simd(82)],
  shiftLeft: (value: Code, bits: number): Code => [value, i32.constant(bits), simd(171)],
  shiftRight: (value: Code, bits: number): Code => [value, i32.constant(bits), simd(173)],
  add: (left: Code, right: Code): Code => [left, right, simd(174)],
}

export const get = (local: number): Code => [0x20, unsigned(local)]
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)]
/** Runs `body`, and again as long as the condition that follows it is not zero. */
export const repeatWhile = (body: Code, condition: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b]

/** Runs `first`, then ends if the condition is not zero, else runs `second` and begins again. */
export const repeatUntil = (first: Code, condition: Code, second: Code): Code => {
  const leave = [condition, 0x0d, 1]
  return [0x02, 0x40, 0x03, 0x40, first, leave, second, 0x0c, 0, 0x0b, 0x0b]
}

function flat(code: Code, into: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === 'number') into.push(part)
    else flat(part, into)
  }
  return into
}

const name = (text: string): Code => [unsigned(text.length), [...new TextEncoder().encode(text)]]
const vector = (items: readonly Code[]): Code => [unsigned(items.length), items]
const sized = (content: Code): Code => {
  const bytes = flat(content)
  return [unsigned(bytes.length), bytes]
}
const section = (id: number, content: Code): Code => [id, sized(content)]

/**
 * A module of one function `run` without result, and one exported memory that begins with `data`.
 * @param parameters - How many parameters, all i32. @param locals - The types of the locals that follow them.
 */
export function moduleOf(
  parameters: number,
  locals: readonly number[],
  body: Code,
  data: Code,
): Uint8Array<ArrayBuffer> {
  const functionType = [0x60, vector(Array.from({ length: parameters }, () => [type.i32])), 0]
  const declared = vector(locals.map((local) => [1, local]))
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, vector([functionType])),
      section(3, vector([[0]])),
      section(5, vector([[0, 1]])),
      section(
        7,
        vector([
          [name('run'), 0, 0],
          [name('memory'), 2, 0],
        ]),
      ),
      section(10, vector([sized([declared, body, 0x0b])])),
      section(11, vector([[0, i32.constant(0), 0x0b, sized(data)]])),
    ]),
  )
}
