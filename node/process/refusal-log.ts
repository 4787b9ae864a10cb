/** How often the same refusal may be logged. */
const quietMs = 10_000

/**
 * Logs refusals: the first of a kind at once, what follows within the quiet time in one line with its number. So an attack is seen, and
 * can't fill the disk.
 * @returns what takes a refusal: a code, and what is known of its cause.
 */
export function createRefusalLog(log: (line: string) => void): (code: string, cause: string) => void {
  const quiet = new Map<string, { more: number; cause: string }>()
  return (code, cause) => {
    const known = quiet.get(code)
    if (known !== undefined) {
      known.more++
      known.cause = cause
      return
    }
    const kept = { more: 0, cause }
    quiet.set(code, kept)
    log(`refused ${code} (${cause})`)
    setTimeout(() => {
      quiet.delete(code)
      if (kept.more > 0) log(`refused ${code} ${kept.more} times more, last (${kept.cause})`)
    }, quietMs).unref()
  }
}
