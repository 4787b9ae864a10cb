import { type Hash, taggedHash } from '../crypto/index.ts'
import { MemorySnapshot } from './memory-snapshot.ts'
import { type CallLimits, type CallOutcome, type LimitName, MachineFault } from './outcome.ts'
import { prelude } from './prelude.ts'
import { type RunningQuickJs, startQuickJs } from './quickjs.ts'

/** What is left of a call's fuel, while its host answers. */
export interface CallMeter {
  readonly fuelLeft: bigint
  /** Takes fuel for what the host does; if there is not so much, the call ends when the host has answered. */
  charge(fuel: bigint): void
}

/** Answers what a contract asks of its host. @throws {HostLimit} to end the call. */
export type Host = (question: string, meter: CallMeter) => string

/** The host ends a call, by a limit of its own: the contract can't catch it. */
export class HostLimit extends Error {
  override readonly name = 'HostLimit'
  readonly limit: string

  constructor(limit: string) {
    super(limit)
    this.limit = limit
  }
}

const pageBytes = 65_536
/** Room for the machine's data and stack, and for a first heap. */
const pagesAtStart = 256
/** Of the machine's own stack, for what its compiler keeps in memory: as it was built, and how much of it may be used. */
const stackBuiltBytes = 5 * 1_048_576
const stackBytes = 131_072
/** Every built-in that QuickJS has; the prelude takes away what must not be there. */
const allIntrinsics = 0
const globalScript = 0
/** Of what is told of an exception. */
const toldBytesMax = 4_096
const unlimited = 2n ** 62n
/** Of one UTF-16 unit. */
const utf8BytesMax = 3

/** Thrown through the machine, which can't catch it. */
class Exceeded extends Error {
  readonly limit: LimitName

  constructor(limit: LimitName) {
    super(limit)
    this.limit = limit
  }
}

/**
 * A contract's script, evaluated once. Every call starts from the memory as it was then, so nothing survives a call. One call
 * at a time; the image is not for several threads.
 *
 * The script sets `globalThis.contract` to a function from a text to a text, and finds `host`, of the same form, in its scope.
 */
export class ContractImage {
  readonly #machine: RunningQuickJs
  /** All of the machine's memory; a new one where that grows. */
  #memory: Uint8Array<ArrayBuffer>
  #context = 0
  #entry = 0
  #undefined = 0
  /** Of the memory once the script was evaluated, and what that held. */
  #pages = 0
  #snapshot: MemorySnapshot
  #stackPointer = 0
  #host: Host = () => {
    throw new MachineFault('the host was called while no call was under way')
  }
  #hostCallsLeft = 0
  #outputBytes = 0
  #memoryPages: number
  readonly #callMeter: CallMeter

  private constructor(module: WebAssembly.Module, limits: CallLimits) {
    this.#memoryPages = limits.memoryPages
    const left = (): bigint => this.#machine.meter.fuel.value
    this.#callMeter = {
      get fuelLeft() {
        return left()
      },
      charge: (fuel) => {
        this.#machine.meter.fuel.value -= fuel
      },
    }
    this.#machine = startQuickJs(module, pagesAtStart, {
      call: (count, at) => this.#hostCall(count, at),
      grow: (bytes) => this.#grow(bytes),
      abort: () => {
        throw new MachineFault('the machine gave up')
      },
    })
    this.#memory = new Uint8Array(this.#machine.memory.buffer)
    this.#snapshot = new MemorySnapshot(this.#memory, [])
  }

  /**
   * Evaluates a contract's script.
   * @param module - QuickJS, metered (`meterModule`). @param limits - Of the evaluation.
   * @returns the image, or why there is none.
   * @throws {MachineFault} if the machine failed.
   */
  static create(
    module: WebAssembly.Module,
    script: string,
    limits: CallLimits,
  ): { readonly image: ContractImage; readonly fuelUsed: bigint } | Exclude<CallOutcome, { kind: 'returned' }> {
    const image = new ContractImage(module, limits)
    image.#boot()
    const outcome = image.#limited(limits, () => image.#load(script))
    if (outcome.kind !== 'returned') return outcome
    image.#take()
    return { image, fuelUsed: outcome.fuelUsed }
  }

  /** Over the machine's whole memory: the same before and after every call, and on every computer. */
  digest(): Hash {
    const used = this.#memory.subarray(0, this.#machine.meter.pages.value * pageBytes)
    return taggedHash('tallystick/contract-image', used)
  }

  /** Calls the contract with a text. @throws {MachineFault} */
  call(input: string, host: Host, limits: CallLimits): CallOutcome {
    this.#host = host
    try {
      return this.#limited(limits, () => this.#invoke(input))
    } finally {
      this.#restore()
    }
  }

  #boot(): void {
    const { quickjs, meter } = this.#machine
    this.#stackPointer = meter.stackPointer.value
    meter.stackLow.value = this.#stackPointer - stackBytes
    meter.pages.value = Math.ceil(this.#stackPointer / pageBytes) + 1
    meter.fuel.value = unlimited
    meter.depth.value = 2 ** 31 - 1
    quickjs.initialize()
    const runtime = quickjs.newRuntime()
    // Its own check can be caught by a contract; the limit of depth can't.
    quickjs.setMaxStackSize(runtime, 0)
    this.#context = quickjs.newContext(runtime, allIntrinsics)
  }

  #load(script: string): string {
    const { quickjs } = this.#machine
    const context = this.#context
    this.#undefined = quickjs.getUndefined()
    this.#evaluate(prelude, 'prelude')
    const global = quickjs.getGlobal(context)
    const host = quickjs.newFunction(context, this.#text('host'), 1, 0, 1)
    quickjs.setProperty(context, global, this.#value('host'), host)
    this.#evaluate(`{ const host = globalThis.host; delete globalThis.host;\n${script}\n}`, 'contract')
    this.#entry = quickjs.getProperty(context, global, this.#value('contract'))
    return ''
  }

  #evaluate(script: string, name: string): number {
    const { quickjs } = this.#machine
    const bytes = utf8Of(script)
    const result = quickjs.evaluate(this.#context, this.#put(bytes), bytes.length, this.#text(name), 0, globalScript)
    return this.#checked(result)
  }

  #invoke(input: string): string {
    const { quickjs } = this.#machine
    const values = quickjs.malloc(4)
    // The address of a value: little-endian, whatever the computer is.
    const value = this.#value(input)
    for (let byte = 0; byte < 4; byte++) this.#memory[values + byte] = value >>> (8 * byte)
    return this.#leaving(this.#checked(quickjs.call(this.#context, this.#entry, this.#undefined, 1, values)))
  }

  /** A value that is no exception. @throws {Thrown} */
  #checked(value: number): number {
    const exception = this.#machine.quickjs.exceptionOf(this.#context, value)
    if (exception !== 0) throw new Thrown(exception)
    return value
  }

  #limited(limits: CallLimits, run: () => string): CallOutcome {
    const { meter } = this.#machine
    this.#memoryPages = limits.memoryPages
    this.#hostCallsLeft = limits.hostCalls
    this.#outputBytes = limits.outputBytes
    meter.fuel.value = limits.fuel
    meter.depth.value = limits.depthBytes
    const fuelUsed = (): bigint => {
      const left = meter.fuel.value
      return left < 0n ? limits.fuel : limits.fuel - left
    }
    try {
      const output = run()
      return { kind: 'returned', output, fuelUsed: fuelUsed() }
    } catch (error) {
      if (error instanceof Thrown) return this.#told(error.value, fuelUsed)
      return { kind: 'exceeded', limit: this.#limitOf(error), fuelUsed: fuelUsed() }
    }
  }

  /** Message and stack of what was thrown; reading them may run the contract's code, and so meet a limit. */
  #told(value: number, fuelUsed: () => bigint): CallOutcome {
    try {
      const message = this.#read(value, toldBytesMax)
      const property = this.#machine.quickjs.getProperty(this.#context, value, this.#value('stack'))
      const stack = this.#read(property, toldBytesMax)
      return { kind: 'threw', message, stack, fuelUsed: fuelUsed() }
    } catch (error) {
      return { kind: 'exceeded', limit: this.#limitOf(error), fuelUsed: fuelUsed() }
    }
  }

  /** Which limit a trap tells of. @throws {MachineFault} if it is none. */
  #limitOf(error: unknown): string {
    if (error instanceof Exceeded || error instanceof HostLimit) return error.limit
    const { meter } = this.#machine
    if (meter.fuel.value < 0n) return 'fuel'
    if (meter.depth.value < 0 || meter.stackPointer.value < meter.stackLow.value) return 'depthBytes'
    throw error instanceof MachineFault ? error : new MachineFault(`the machine failed: ${String(error)}`)
  }

  #hostCall(count: number, argumentsAt: number): number {
    if (this.#hostCallsLeft-- <= 0) throw new Exceeded('hostCalls')
    const question = count === 0 ? '' : this.#leaving(this.#machine.quickjs.argument(argumentsAt, 0))
    const answer = this.#host(question, this.#callMeter)
    return this.#value(answer)
  }

  #grow(bytes: number): void {
    const { meter, memory } = this.#machine
    const pages = Math.ceil(bytes / pageBytes)
    if (pages > this.#memoryPages) throw new Exceeded('memoryPages')
    const missing = pages - this.#memory.length / pageBytes
    if (missing > 0) {
      memory.grow(missing)
      this.#memory = new Uint8Array(memory.buffer)
    }
    meter.pages.value = pages
  }

  #put(bytes: Uint8Array): number {
    const at = this.#machine.quickjs.malloc(bytes.length + 1)
    this.#memory.set(bytes, at)
    this.#memory[at + bytes.length] = 0
    return at
  }

  #text(text: string): number {
    return this.#put(utf8Of(text))
  }

  /** A string of the machine. */
  #value(text: string): number {
    const at = this.#text(text)
    const value = this.#machine.quickjs.newString(this.#context, at)
    this.#machine.quickjs.free(at)
    return value
  }

  /** A text for the host. */
  #leaving(value: number): string {
    const text = this.#bytesOf(value)
    if (text.length > this.#outputBytes) throw new Exceeded('outputBytes')
    return decoder.decode(text)
  }

  /** A text, or its beginning. */
  #read(value: number, bytesMax: number): string {
    return decoder.decode(this.#bytesOf(value).subarray(0, bytesMax))
  }

  /** In UTF-8, as a view of the memory. */
  #bytesOf(value: number): Uint8Array {
    const at = this.#machine.quickjs.getString(this.#context, value)
    const memory = this.#memory
    // What can't be made a string, such as a symbol, has no address.
    return at === 0 ? memory.subarray(0, 0) : memory.subarray(at, memory.indexOf(0, at))
  }

  #take(): void {
    const { meter } = this.#machine
    this.#pages = meter.pages.value
    // Nothing is written between the data and the part of the stack that may be used.
    const data = { from: 0, end: this.#stackPointer - stackBuiltBytes }
    const stackAndHeap = { from: meter.stackLow.value, end: this.#pages * pageBytes }
    this.#snapshot = new MemorySnapshot(this.#memory, [data, stackAndHeap])
  }

  #restore(): void {
    const { meter } = this.#machine
    this.#snapshot.restore(this.#memory)
    const grown = meter.pages.value
    if (grown > this.#pages) this.#memory.fill(0, this.#pages * pageBytes, grown * pageBytes)
    meter.pages.value = this.#pages
    meter.stackPointer.value = this.#stackPointer
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8')
/** Where texts on their way into the machine stand: encoding into a place that is there takes a fifth of the time. */
const passing = new Uint8Array(65_536)

/** A text in UTF-8, valid until the next. */
function utf8Of(text: string): Uint8Array {
  if (utf8BytesMax * text.length > passing.length) return encoder.encode(text)
  return passing.subarray(0, encoder.encodeInto(text, passing).written)
}

/** An exception of the contract, as a value of the machine. */
class Thrown extends Error {
  readonly value: number

  constructor(value: number) {
    super('thrown')
    this.value = value
  }
}
