import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import * as kit from '../runtime.ts'

/** Beside this folder, as TypeScript or compiled: both give the same text. */
const file = import.meta.url.endsWith('.ts') ? '../runtime.ts' : '../runtime.js'
const runtime = fileURLToPath(new URL(file, import.meta.url))

/** The kit as it stands in a script, on a line of its own. */
export interface KitText {
  /** One statement, which declares `kit`. Minified: nobody reads it there, and each call's memory has it. */
  readonly statement: string
  /** What `kit` has. */
  readonly names: readonly string[]
}

let text: Promise<KitText> | undefined

/** Made once for a process. */
export function kitText(): Promise<KitText> {
  text ??= makeKitText()
  return text
}

async function makeKitText(): Promise<KitText> {
  const options = { target: 'es2023', tsconfigRaw: {}, legalComments: 'none', logLevel: 'silent' } as const
  const { outputFiles } = await build({
    ...options,
    entryPoints: [runtime],
    bundle: true,
    format: 'esm',
    minifyWhitespace: true,
    write: false,
  })
  // Short names are given by how often letters occur, so they are given last, where types and comments are gone.
  const { code } = await transform(outputFiles[0]!.text, { ...options, minify: true, format: 'esm' })
  const [body, exports] = code.trim().split(/export\{(.*)\};$/)
  const members = exports!.split(',').map((each) => each.split(' as ').reverse().join(':'))
  return { statement: `const kit=(()=>{"use strict";${body}return{${members}}})();`, names: Object.keys(kit).sort() }
}
