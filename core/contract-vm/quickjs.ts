/**
 * QuickJS as quickjs-emscripten 0.32 builds it (`@jitl/quickjs-wasmfile-release-sync`). That build shortens the names of what
 * the module imports and exports; the package's own loader has this table.
 */
export const quickjsExports = {
  initialize: 'u',
  malloc: 'v',
  free: 'M',
  setMaxStackSize: 'D',
  newRuntime: 'K',
  newContext: 'N',
  getUndefined: 'E',
  newString: '_',
  getString: '$',
  newFunction: 'Da',
  argument: 'Ea',
  getGlobal: 'ua',
  getProperty: 'ha',
  setProperty: 'ja',
  call: 'ma',
  evaluate: 'pa',
  exceptionOf: 'na',
  freeValue: 'P',
  freeText: 'S',
  isJobPending: 'fa',
  executeJobs: 'ga',
} as const

/** Addresses and small numbers: whatever a function takes or gives is a number of 32 bits. */
type Address = number

export type QuickJs = Readonly<Record<keyof typeof quickjsExports, (...values: number[]) => Address>>

interface MeterGlobals {
  readonly fuel: WebAssembly.Global<bigint>
  readonly depth: WebAssembly.Global<number>
  readonly pages: WebAssembly.Global<number>
  readonly stackLow: WebAssembly.Global<number>
  readonly stackPointer: WebAssembly.Global<number>
}

/** What the module asks of its host beyond computing. */
export interface QuickJsHost {
  /** The contract calls out. @returns the address of a value. */
  call(argumentCount: number, argumentsAt: Address): Address
  /** The heap wants the memory to be at least so long. */
  grow(bytes: number): void
  /** The program gave up: the module is broken, or its memory is. */
  abort(): never
}

export interface RunningQuickJs {
  readonly quickjs: QuickJs
  readonly meter: MeterGlobals
  readonly memory: WebAssembly.Memory
}

const pagesMax = 1_024

/**
 * Starts a metered module. Clock, time zone, environment and files are constants: nothing of the machine can be seen.
 * @param pages - Of its memory at first, 64 KiB each.
 */
export function startQuickJs(module: WebAssembly.Module, pages: number, host: QuickJsHost): RunningQuickJs {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pagesMax })
  const zero = (): number => 0
  const zeroFilled = (at: Address, bytes: number): void => {
    new Uint8Array(memory.buffer, at, bytes).fill(0)
  }
  const abort = (): never => host.abort()
  const imports = {
    a: memory,
    b: abort, // a failed assertion
    c: zero, // writing to a file
    d: zero, // closing one
    e: zero, // the environment: its texts
    f: (count: Address, bytes: Address): number => {
      zeroFilled(count, 4)
      zeroFilled(bytes, 4)
      return 0
    },
    g: abort, // modules of a loader
    h: abort,
    i: zero, // an interrupt: fuel does that
    j: zero, // timers
    k: (bytes: number): number => {
      host.grow(bytes >>> 0)
      return 1
    },
    l: zero, // what keeps a program alive
    m: (_seconds: bigint, at: Address): void => zeroFilled(at, 44), // local time
    n: (zone: Address, daylight: Address): void => {
      zeroFilled(zone, 4)
      zeroFilled(daylight, 4)
    },
    o: zero, // seeking in a file
    p: zero, // the clock
    q: abort,
    r: abort, // the program's end
    s: (_context: Address, _self: Address, count: number, at: Address): Address => host.call(count, at),
    t: zero, // a reference of the host is gone
  }
  const { exports } = new WebAssembly.Instance(module, { a: imports })
  const named = exports as Record<string, (...values: number[]) => number>
  const entries = Object.entries(quickjsExports).map(([name, short]) => [name, named[short]!] as const)
  return { quickjs: Object.fromEntries(entries) as QuickJs, meter: exports as MeterGlobals, memory }
}
