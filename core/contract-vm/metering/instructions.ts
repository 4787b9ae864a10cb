import type { BinaryReader } from './binary.ts'
import { MeteringError } from './errors.ts'

/** Instructions that metering looks at or writes. */
export const op = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  br: 0x0c,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  localGet: 0x20,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32LtS: 0x48,
  i32LtU: 0x49,
  i64LtS: 0x53,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i64Sub: 0x7d,
  i64ShrU: 0x88,
  i64ExtendI32U: 0xad,
  prefixed: 0xfc,
} as const

/** Those behind the prefix 0xfc. */
export const prefixedOp = { memoryInit: 8, memoryCopy: 10, memoryFill: 11 } as const

/** How many LEB128 integers follow an instruction behind the prefix. */
const integersBehindPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1]

/** How many LEB128 integers follow an opcode, for those that have nothing else: each line is a range of opcodes. */
const integersBehind: readonly (readonly [from: number, to: number, integers: number])[] = [
  [0x00, 0x01, 0], // unreachable, nop
  [0x02, 0x04, 1], // block, loop, if
  [0x05, 0x05, 0], // else
  [0x0b, 0x0b, 0], // end
  [0x0c, 0x0d, 1], // br, br_if
  [0x0f, 0x0f, 0], // return
  [0x10, 0x10, 1], // call
  [0x11, 0x11, 2], // call_indirect
  [0x1a, 0x1b, 0], // drop, select
  [0x20, 0x26, 1], // local, global, table
  [0x28, 0x3e, 2], // loads and stores: alignment, offset
  [0x3f, 0x42, 1], // memory.size, memory.grow, i32.const, i64.const
  [0x45, 0xc4, 0], // numeric instructions
  [0xd0, 0xd0, 1], // ref.null
  [0xd1, 0xd1, 0], // ref.is_null
  [0xd2, 0xd2, 1], // ref.func
]

const integersByOpcode = new Map(
  integersBehind.flatMap(([from, to, integers]) =>
    Array.from({ length: to - from + 1 }, (_, i) => [from + i, integers] as const),
  ),
)

/** Passes over the operands of an instruction whose opcode was read. */
export function skipOperands(reader: BinaryReader, opcode: number): void {
  const integers = opcode === op.prefixed ? integersBehindPrefix[reader.u32()] : integersByOpcode.get(opcode)
  if (integers !== undefined) for (let i = 0; i < integers; i++) reader.skipInteger()
  else if (opcode === op.brTable) for (let labels = reader.u32() + 1; labels > 0; labels--) reader.skipInteger()
  else if (opcode === 0x1c) reader.skip(reader.u32())
  else if (opcode === 0x43) reader.skip(4)
  else if (opcode === 0x44) reader.skip(8)
  else throw new MeteringError('WASM_UNSUPPORTED', `opcode 0x${opcode.toString(16)} before byte ${reader.at}`)
}
