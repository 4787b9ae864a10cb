import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { toHex } from '@tallystick/core/codec'
import type { BlockNote } from '@tallystick/core/ledger'

/** What a contract's author is told of a call: what it logged, and where it failed. Ids are hexadecimal. */
export interface StoredNote {
  /** Rises by one with each note of this node. */
  readonly number: number
  readonly height: number
  readonly timeMs: number
  readonly contract: string
  /** That ran; by its source map the stack is read. */
  readonly code?: string
  readonly transaction: string
  readonly action: number
  /** Of the contract's action. */
  readonly name: string
  readonly fuelUsed: number
  readonly lines: readonly string[]
  /** Of what was thrown. */
  readonly stack?: string
}

export interface NotesLimits {
  /** Lines of one contract that are kept; a stack counts as one. */
  readonly linesMax: number
  /** Of the texts of all contracts together. */
  readonly bytesMax: number
}

const defaultLimits: NotesLimits = { linesMax: 1_000, bytesMax: 4 * 1_048_576 }
/** The file is written anew when it is so many times as long as what is kept. */
const fileFactor = 2
/** What one contract may have, at most, of all. */
const shareMax = 4

interface Kept {
  readonly note: StoredNote
  readonly text: string
}

/** One contract's notes, oldest first. */
class OwnNotes {
  readonly kept: Kept[] = []
  lines = 0
  bytes = 0

  add(one: Kept): void {
    this.kept.push(one)
    this.lines += linesOf(one)
    this.bytes += one.text.length
  }

  /** @returns how many bytes went. */
  trim(linesMax: number, bytesMax: number): number {
    const before = this.bytes
    let first = 0
    for (; this.lines > linesMax || this.bytes > bytesMax; first++) {
      const gone = this.kept[first]!
      this.lines -= linesOf(gone)
      this.bytes -= gone.text.length
    }
    this.kept.splice(0, first)
    return before - this.bytes
  }
}

function linesOf({ note }: Kept): number {
  return note.lines.length + 1
}

/**
 * The newest notes of contracts, in memory and in a file of one JSON text a line. They are this node's own and no part of the
 * ledger: a disk that does not take them costs notes, and nothing else. Who writes much loses the own oldest, not those of others.
 */
export class ContractNotes {
  readonly #path: string
  readonly #limits: NotesLimits
  /** By contract; the one that wrote last stands last. */
  readonly #notes = new Map<string, OwnNotes>()
  #bytes = 0
  #nextNumber = 1
  /** Open once something was written. */
  #file: number | undefined
  #fileBytes = 0
  #failed = false

  private constructor(path: string, limits: NotesLimits) {
    this.#path = path
    this.#limits = limits
  }

  /** @param height - What is noted of later blocks is forgotten: they are executed again. */
  static open(path: string, height: number, limits: NotesLimits = defaultLimits): ContractNotes {
    const notes = new ContractNotes(path, limits)
    const stored = storedIn(path)
    notes.#fileBytes = stored.bytes
    const own = stored.notes.filter((note) => note.height <= height)
    for (const note of own) notes.#keep(note)
    notes.#shrink()
    if (!stored.isWhole || own.length < stored.notes.length) notes.#rewrite()
    return notes
  }

  /** Calls that logged nothing and threw nothing are passed over: they would push out those that did. */
  append(height: number, timeMs: number, notes: readonly BlockNote[]): void {
    const telling = notes.filter(({ lines, stack }) => lines.length > 0 || stack !== undefined)
    if (telling.length === 0) return
    const texts = telling.map((note) => this.#keep(storedNote(this.#nextNumber, height, timeMs, note)))
    this.#write(`${texts.join('\n')}\n`)
    this.#shrink()
    if (this.#fileBytes > fileFactor * this.#limits.bytesMax) this.#rewrite()
  }

  /** @param after - Of a note: what comes behind it, oldest first; without it the newest, in the same order. */
  of(contract: Uint8Array, after: number | undefined, limit: number): StoredNote[] {
    const kept = this.#notes.get(toHex(contract))?.kept ?? []
    const from = after === undefined ? Math.max(0, kept.length - limit) : firstBehind(kept, after)
    return kept.slice(from, from + limit).map(({ note }) => note)
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  /** @returns the note's text. */
  #keep(note: StoredNote): string {
    const { linesMax, bytesMax } = this.#limits
    const text = JSON.stringify(note)
    const own = this.#notes.get(note.contract) ?? new OwnNotes()
    this.#notes.delete(note.contract)
    this.#notes.set(note.contract, own)
    own.add({ note, text })
    this.#bytes += text.length - own.trim(linesMax, bytesMax / shareMax)
    this.#nextNumber = note.number + 1
    return text
  }

  /** Where there is more than may be kept, takes from those who have most, down to three quarters of it. */
  #shrink(): void {
    if (this.#bytes <= this.#limits.bytesMax) return
    const target = (this.#limits.bytesMax * 3) / 4
    for (let share = this.#limits.bytesMax / shareMax / 2; this.#bytes > target; share /= 2) {
      for (const [contract, own] of this.#notes) {
        this.#bytes -= own.trim(this.#limits.linesMax, share)
        if (own.kept.length === 0) this.#notes.delete(contract)
      }
    }
  }

  /** Puts a file in its place with nothing but what is kept. */
  #rewrite(): void {
    this.close()
    const all = [...this.#notes.values()].flatMap(({ kept }) => kept).sort((a, b) => a.note.number - b.note.number)
    const text = all.map((one) => `${one.text}\n`).join('')
    try {
      writeFileSync(`${this.#path}.new`, text)
      renameSync(`${this.#path}.new`, this.#path)
      this.#fileBytes = Buffer.byteLength(text)
    } catch {
      this.#failed = true
    }
  }

  #write(text: string): void {
    if (this.#failed) return
    try {
      this.#file ??= openSync(this.#path, 'a')
      this.#fileBytes += writeSync(this.#file, text)
    } catch {
      this.#failed = true
    }
  }
}

function storedNote(
  number: number,
  height: number,
  timeMs: number,
  { contract, code, transaction, action, name, fuelUsed, lines, stack }: BlockNote,
): StoredNote {
  const ids = { contract: toHex(contract), code: toHex(code), transaction: toHex(transaction) }
  const call = { action, name, fuelUsed, lines: [...lines], ...(stack !== undefined && { stack }) }
  return { number, height, timeMs, ...ids, ...call }
}

interface StoredNotes {
  readonly notes: readonly StoredNote[]
  readonly bytes: number
  /** Whether the file has nothing else. */
  readonly isWhole: boolean
}

/** A line that is not whole, which a kill may leave, is passed over. */
function storedIn(path: string): StoredNotes {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return { notes: [], bytes: 0, isWhole: true }
  }
  const notes: StoredNote[] = []
  const lines = text.split('\n')
  for (const line of lines) {
    const note = noteOf(line)
    if (note !== undefined && note.number > (notes.at(-1)?.number ?? 0)) notes.push(note)
  }
  // Behind the last line nothing stands.
  return { notes, bytes: Buffer.byteLength(text), isWhole: notes.length === lines.length - 1 && text.endsWith('\n') }
}

function noteOf(line: string): StoredNote | undefined {
  try {
    const note = JSON.parse(line) as StoredNote
    const isNote = Number.isSafeInteger(note.number) && Number.isSafeInteger(note.height) && Array.isArray(note.lines)
    return isNote && typeof note.contract === 'string' ? note : undefined
  } catch {
    return undefined
  }
}

function firstBehind(kept: readonly Kept[], after: number): number {
  let low = 0
  let high = kept.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (kept[middle]!.note.number <= after) low = middle + 1
    else high = middle
  }
  return low
}
