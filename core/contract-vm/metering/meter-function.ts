import { BinaryReader, BinaryWriter } from './binary.ts'
import { MeteringError } from './errors.ts'
import { op, prefixedOp, skipOperands } from './instructions.ts'
import type { FunctionType } from './module.ts'

/** Numbers of what metering adds to a module, or looks at. */
export interface MeterPlaces {
  readonly stackPointer: number
  /** Globals: what is left of the fuel (i64) and of the depth (i32), pages of memory, and the lowest stack pointer. */
  readonly fuel: number
  readonly depth: number
  readonly pages: number
  readonly stackLow: number
  /** Functions that do what `memory.copy` and `memory.fill` do, for fuel. */
  readonly copy: number
  readonly fill: number
}

/** What a call takes of the depth, whatever its locals. */
const frameBytes = 64
const localBytes = 8
const noResult = 0x40

/** Takes fuel, and traps where none is left. The amount stands on the stack, or is a constant. */
export function writeCharge(writer: BinaryWriter, { fuel }: MeterPlaces, amount: () => void): void {
  writer.u8(op.globalGet)
  writer.u32(fuel)
  amount()
  writer.u8(op.i64Sub, op.globalSet)
  writer.u32(fuel)
  writer.u8(op.globalGet)
  writer.u32(fuel)
  writer.u8(op.i64Const, 0, op.i64LtS)
  writeTrap(writer)
}

/** Traps if the condition on the stack holds. */
function writeTrap(writer: BinaryWriter): void {
  writer.u8(op.if, noResult, op.unreachable, op.end)
}

function writeStep(writer: BinaryWriter, places: MeterPlaces): void {
  writeCharge(writer, places, () => writer.u8(op.i64Const, 1))
}

function writeDepth(writer: BinaryWriter, { depth }: MeterPlaces, bytes: number, operation: number): void {
  writer.u8(op.globalGet)
  writer.u32(depth)
  writer.u8(op.i32Const)
  writer.signed(bytes)
  writer.u8(operation, op.globalSet)
  writer.u32(depth)
}

/**
 * A function's body, metered: one unit of fuel on entry and at every turn of a loop; for a function that calls others, its
 * frame's share of the depth; a check after each change of the stack pointer; and memory operations by their length.
 *
 * The body stands in a block of its own, so that whatever leaves it passes what gives the depth back: a `return` becomes a
 * branch out of the block, and branches to the function's own label lead there anyway.
 */
export function meterFunction(body: Uint8Array, type: FunctionType, places: MeterPlaces): BinaryWriter {
  const reader = new BinaryReader(body)
  const writer = new BinaryWriter()
  const locals = copyLocals(reader, writer)
  const from = reader.at
  const frame = callsOthers(new BinaryReader(body, from)) ? frameBytes + localBytes * (type.parameters + locals) : 0
  writeStep(writer, places)
  if (frame > 0) {
    writeDepth(writer, places, frame, op.i32Sub)
    writer.u8(op.globalGet)
    writer.u32(places.depth)
    writer.u8(op.i32Const, 0, op.i32LtS)
    writeTrap(writer)
  }
  if (type.results.length > 1) throw new MeteringError('WASM_UNSUPPORTED', 'a function with several results')
  writer.u8(op.block, type.results[0] ?? noResult)
  meterInstructions(reader, writer, places)
  if (frame > 0) writeDepth(writer, places, frame, op.i32Add)
  writer.u8(op.end)
  return writer
}

/** @returns how many there are. */
function copyLocals(reader: BinaryReader, writer: BinaryWriter): number {
  const from = reader.at
  let locals = 0
  for (let groups = reader.u32(); groups > 0; groups--) {
    locals += reader.u32()
    reader.skip(1)
  }
  writer.raw(reader.bytes.subarray(from, reader.at))
  return locals
}

function callsOthers(reader: BinaryReader): boolean {
  while (!reader.isAtEnd) {
    const opcode = reader.u8()
    if (opcode === op.call || opcode === op.callIndirect) return true
    skipOperands(reader, opcode)
  }
  return false
}

function meterInstructions(reader: BinaryReader, writer: BinaryWriter, places: MeterPlaces): void {
  /** Blocks that are open, the one around the body not counted. */
  let nesting = 0
  while (!reader.isAtEnd) {
    const from = reader.at
    const opcode = reader.u8()
    const operandsAt = reader.at
    skipOperands(reader, opcode)
    const instruction = reader.bytes.subarray(from, reader.at)
    if (opcode === op.block || opcode === op.loop || opcode === op.if) nesting++
    else if (opcode === op.end) nesting--
    if (opcode === op.return) {
      writer.u8(op.br)
      writer.u32(nesting)
    } else if (opcode === op.memorySize) {
      writer.u8(op.globalGet)
      writer.u32(places.pages)
    } else if (opcode === op.memoryGrow) {
      throw new MeteringError('WASM_UNSUPPORTED', 'a memory that grows without asking')
    } else if (opcode === op.prefixed && isBulk(reader.bytes[operandsAt]!)) {
      writer.u8(op.call)
      writer.u32(reader.bytes[operandsAt] === prefixedOp.memoryCopy ? places.copy : places.fill)
    } else {
      writer.raw(instruction)
    }
    if (opcode === op.loop) writeStep(writer, places)
    if (opcode === op.globalSet && new BinaryReader(reader.bytes, operandsAt).u32() === places.stackPointer) {
      writer.u8(op.globalGet)
      writer.u32(places.stackPointer)
      writer.u8(op.globalGet)
      writer.u32(places.stackLow)
      writer.u8(op.i32LtU)
      writeTrap(writer)
    }
  }
}

function isBulk(prefixed: number): boolean {
  return prefixed === prefixedOp.memoryCopy || prefixed === prefixedOp.memoryFill
}
