import type { JsonValue } from './contract-schema.ts'

/** Lists and objects within each other: deeper text could exhaust a node's stack where its values are walked. */
const levelsMax = 64

/** @returns `undefined` if the text is not JSON, or nests deeper than 64 levels. */
export function parseJson(text: string): JsonValue | undefined {
  if (nestsDeeper(text, levelsMax)) return undefined
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

function nestsDeeper(text: string, max: number): boolean {
  let level = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (inString) {
      if (unit === 0x5c) i++
      else if (unit === 0x22) inString = false
    } else if (unit === 0x22) inString = true
    else if (unit === 0x5b || unit === 0x7b) {
      if (++level > max) return true
    } else if (unit === 0x5d || unit === 0x7d) level--
  }
  return false
}
