import { BinaryReader, BinaryWriter } from './binary.ts'
import { MeteringError } from './errors.ts'

export const sectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  global: 6,
  export: 7,
  code: 10,
} as const

export interface Section {
  readonly id: number
  readonly content: Uint8Array
}

const preamble = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)

/** The sections of a module, in order; custom ones, which mean nothing to an engine, are left out. */
export function sectionsOf(bytes: Uint8Array): Section[] {
  const reader = new BinaryReader(bytes)
  if (!reader.take(Math.min(8, bytes.length)).every((byte, i) => byte === preamble[i]) || bytes.length < 8) {
    throw new MeteringError('WASM_MALFORMED', 'it does not begin as modules do')
  }
  const sections: Section[] = []
  while (!reader.isAtEnd) {
    const id = reader.u8()
    const content = reader.take(reader.u32())
    if (id !== sectionId.custom) sections.push({ id, content })
  }
  return sections
}

export function moduleOf(sections: readonly Section[]): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter()
  writer.raw(preamble)
  for (const { id, content } of sections) {
    writer.u8(id)
    writer.u32(content.length)
    writer.raw(content)
  }
  return writer.view().slice()
}

/** Entries of a section of the form count, entries: the count raised, further entries behind. */
export function withEntries(content: Uint8Array, added: number, entries: BinaryWriter): Uint8Array {
  const reader = new BinaryReader(content)
  const count = reader.u32()
  const writer = new BinaryWriter()
  writer.u32(count + added)
  writer.raw(content.subarray(reader.at))
  writer.raw(entries.view())
  return writer.view()
}

/** What of a function's type its metering needs. */
export interface FunctionType {
  readonly parameters: number
  /** Value types. */
  readonly results: readonly number[]
}

export function typesOf(content: Uint8Array): FunctionType[] {
  const reader = new BinaryReader(content)
  return Array.from({ length: reader.u32() }, () => {
    if (reader.u8() !== 0x60) throw new MeteringError('WASM_UNSUPPORTED', 'a type that is no function')
    const parameters = reader.u32()
    reader.skip(parameters)
    return { parameters, results: [...reader.take(reader.u32())] }
  })
}

/** How many functions a module imports. Memories and tables may be imported too; globals may not. */
export function importedFunctions(content: Uint8Array): number {
  const reader = new BinaryReader(content)
  let functions = 0
  for (let left = reader.u32(); left > 0; left--) {
    reader.skip(reader.u32())
    reader.skip(reader.u32())
    const kind = reader.u8()
    if (kind === 0) {
      functions++
      reader.skipInteger()
    } else if (kind === 1 || kind === 2) {
      if (kind === 1) reader.skip(1)
      const limits = reader.u8()
      reader.skipInteger()
      if ((limits & 1) === 1) reader.skipInteger()
    } else throw new MeteringError('WASM_UNSUPPORTED', `an import of kind ${kind}`)
  }
  return functions
}

/** Of each function that the module defines, the number of its type. */
export function functionTypes(content: Uint8Array): number[] {
  const reader = new BinaryReader(content)
  return Array.from({ length: reader.u32() }, () => reader.u32())
}

const i32 = 0x7f

/** The number of globals, and which is the stack pointer: compilers of C make it the one mutable global of type i32. */
export function globalsOf(content: Uint8Array): { readonly count: number; readonly stackPointer: number } {
  const reader = new BinaryReader(content)
  const count = reader.u32()
  const mutable: number[] = []
  for (let index = 0; index < count; index++) {
    const type = reader.u8()
    if (reader.u8() === 1 && type === i32) mutable.push(index)
    if (reader.u8() !== 0x41) throw new MeteringError('WASM_UNSUPPORTED', `the initial value of global ${index}`)
    reader.skipInteger()
    reader.skip(1)
  }
  if (mutable.length !== 1)
    throw new MeteringError('WASM_UNSUPPORTED', `${mutable.length} globals that could be the stack pointer`)
  return { count, stackPointer: mutable[0]! }
}
