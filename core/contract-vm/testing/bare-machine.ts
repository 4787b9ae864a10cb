import { startQuickJs } from '../quickjs.ts'

/** How a script ended in a machine of its own, without prelude or limits: what it printed, and what it threw. */
export interface BareOutcome {
  readonly printed: readonly string[]
  /** Name and message; `undefined` if it ended well. */
  readonly thrown: string | undefined
}

const pages = 256
const pageBytes = 65_536
const decoder = new TextDecoder('utf-8')

/**
 * Runs a script in a new machine, and then the jobs that it left.
 * @param module - QuickJS, metered or as it was built. @param isModule - Evaluates it as a module instead of a script.
 */
export function runBare(module: WebAssembly.Module, script: string, isModule: boolean): BareOutcome {
  const printed: string[] = []
  const read = (value: number): string => {
    const at = quickjs.getString(context, value)
    const bytes = new Uint8Array(memory.buffer)
    return at === 0 ? '' : decoder.decode(bytes.subarray(at, bytes.indexOf(0, at)))
  }
  /** A module that was not metered asks its memory itself. */
  const setPages = (): void => {
    if ('pages' in meter) meter.pages.value = memory.buffer.byteLength / pageBytes
  }
  const { quickjs, meter, memory } = startQuickJs(module, pages, {
    call(count, at) {
      printed.push(count === 0 ? '' : read(quickjs.argument(at, 0)))
      return quickjs.getUndefined()
    },
    grow(bytes) {
      const missing = Math.ceil(bytes / pageBytes) - memory.buffer.byteLength / pageBytes
      if (missing > 0) memory.grow(missing)
      setPages()
    },
    abort() {
      throw new Error('the machine gave up')
    },
  })
  setPages()
  quickjs.initialize()
  const runtime = quickjs.newRuntime()
  const context = quickjs.newContext(runtime, 0)
  const put = (text: string): [at: number, length: number] => {
    const bytes = new TextEncoder().encode(text)
    const at = quickjs.malloc(bytes.length + 1)
    new Uint8Array(memory.buffer).set([...bytes, 0], at)
    return [at, bytes.length]
  }
  const name = quickjs.newString(context, put('print')[0])
  quickjs.setProperty(context, quickjs.getGlobal(context), name, quickjs.newFunction(context, put('print')[0], 1, 0, 1))
  const [at, length] = put(script)
  const result = quickjs.evaluate(context, at, length, put('test')[0], 0, isModule ? 1 : 0)
  const exception = quickjs.exceptionOf(context, result)
  const contextAt = quickjs.malloc(4)
  while (quickjs.isJobPending(runtime) !== 0) quickjs.executeJobs(runtime, 1, contextAt)
  return { printed, thrown: exception === 0 ? undefined : read(exception) }
}
