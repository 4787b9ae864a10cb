import { BinaryReader, BinaryWriter } from './binary.ts'
import { MeteringError } from './errors.ts'
import { op, prefixedOp } from './instructions.ts'
import { type MeterPlaces, meterFunction, writeCharge } from './meter-function.ts'
import {
  functionTypes,
  globalsOf,
  importedFunctions,
  moduleOf,
  type Section,
  sectionId,
  sectionsOf,
  typesOf,
  withEntries,
} from './module.ts'

/** Bytes that copying or filling moves for one unit of fuel, as a power of two: as fast as a turn of a loop. */
const bytesPerFuelBits = 5
const i32 = 0x7f
const i64 = 0x7e
const mutable = 1
const exportedGlobal = 3
/** In LEB128. */
const twoTo62 = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0xc0, 0x00]
const greatestI32 = [0xff, 0xff, 0xff, 0xff, 0x07]

/** Names under which a metered module exports what its host sets and reads. */
export const meterExports = ['fuel', 'depth', 'pages', 'stackLow', 'stackPointer'] as const

/**
 * Meters a module that a compiler of C made: it spends fuel wherever it could run on, its calls have a budget of depth, and
 * its memory is as large as `pages` says. Where fuel, depth or stack are used up it traps. Equal modules give equal bytes.
 * @throws {MeteringError} if the module is malformed, or uses what metering does not know.
 */
export function meterModule(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = sectionsOf(bytes)
  const content = (id: number): Uint8Array => {
    const found = sections.find((section) => section.id === id)
    if (found === undefined) throw new MeteringError('WASM_UNSUPPORTED', `no section ${id}`)
    return found.content
  }
  const types = typesOf(content(sectionId.type))
  const imported = importedFunctions(content(sectionId.import))
  const defined = functionTypes(content(sectionId.function))
  const globals = globalsOf(content(sectionId.global))
  const places: MeterPlaces = {
    stackPointer: globals.stackPointer,
    fuel: globals.count,
    depth: globals.count + 1,
    pages: globals.count + 2,
    stackLow: globals.count + 3,
    copy: imported + defined.length,
    fill: imported + defined.length + 1,
  }
  const replaced = new Map<number, Uint8Array>([
    [sectionId.type, withEntries(content(sectionId.type), 1, bulkType())],
    [sectionId.function, withEntries(content(sectionId.function), 2, numbers(types.length, types.length))],
    [sectionId.global, withEntries(content(sectionId.global), 4, meterGlobals())],
    [sectionId.export, withEntries(content(sectionId.export), meterExports.length, exportsOf(places))],
    [
      sectionId.code,
      meteredCode(
        content(sectionId.code),
        defined.map((type) => types[type]!),
        places,
      ),
    ],
  ])
  return moduleOf(sections.map(({ id, content: own }): Section => ({ id, content: replaced.get(id) ?? own })))
}

/** Three numbers, no result. */
function bulkType(): BinaryWriter {
  const writer = new BinaryWriter()
  writer.u8(0x60, 3, i32, i32, i32, 0)
  return writer
}

function numbers(...values: number[]): BinaryWriter {
  const writer = new BinaryWriter()
  for (const value of values) writer.u32(value)
  return writer
}

function meterGlobals(): BinaryWriter {
  const writer = new BinaryWriter()
  // Until the host sets them they bound nothing: a module may run code when it is instantiated.
  writer.u8(i64, mutable, op.i64Const, ...twoTo62, op.end)
  writer.u8(i32, mutable, op.i32Const, ...greatestI32, op.end)
  for (let i = 0; i < 2; i++) writer.u8(i32, mutable, op.i32Const, 0, op.end)
  return writer
}

function exportsOf(places: MeterPlaces): BinaryWriter {
  const writer = new BinaryWriter()
  for (const name of meterExports) {
    writer.name(name)
    writer.u8(exportedGlobal)
    writer.u32(places[name])
  }
  return writer
}

function meteredCode(content: Uint8Array, types: ReturnType<typeof typesOf>, places: MeterPlaces): Uint8Array {
  const reader = new BinaryReader(content)
  const writer = new BinaryWriter()
  if (reader.u32() !== types.length) throw new MeteringError('WASM_MALFORMED', 'functions without a body')
  writer.u32(types.length + 2)
  for (const type of types) writer.sized(meterFunction(reader.take(reader.u32()), type, places))
  writer.sized(bulkFunction(places, [prefixedOp.memoryCopy, 0, 0]))
  writer.sized(bulkFunction(places, [prefixedOp.memoryFill, 0]))
  return writer.view()
}

/** Charges for the third operand, a length in bytes, and carries the instruction out. */
function bulkFunction(places: MeterPlaces, instruction: readonly number[]): BinaryWriter {
  const writer = new BinaryWriter()
  writer.u32(0)
  writeCharge(writer, places, () => {
    writer.u8(op.localGet, 2, op.i64ExtendI32U, op.i64Const, bytesPerFuelBits, op.i64ShrU)
  })
  writer.u8(op.localGet, 0, op.localGet, 1, op.localGet, 2, op.prefixed, ...instruction, op.end)
  return writer
}
