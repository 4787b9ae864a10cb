import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Beside this folder, as TypeScript or compiled: both give the same text. */
const index = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js', import.meta.url))
let text: Promise<string> | undefined

/** The kit as one module, minified: nobody reads it in a script, and each call's memory has it. */
export function kitText(): Promise<string> {
  text ??= build({
    entryPoints: [index],
    bundle: true,
    format: 'esm',
    target: 'es2023',
    minify: true,
    write: false,
    tsconfigRaw: {},
    legalComments: 'none',
    logLevel: 'silent',
  }).then(({ outputFiles }) => outputFiles[0]!.text)
  return text
}

/** A source map by which nothing of a module is anyone's line: its one place lies behind the end. */
export function withoutPlaces(module: string): string {
  const lines = module.split('\n').length
  const map = { version: 3, sources: ['nothing'], names: [], mappings: `${';'.repeat(lines + 1)}AAAA` }
  const encoded = Buffer.from(JSON.stringify(map)).toString('base64')
  return `${module}\n//# sourceMappingURL=data:application/json;base64,${encoded}\n`
}
