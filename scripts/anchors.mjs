/** Gives the rows of a page ids that no other row has. */
export class Anchors {
  #given = new Set()

  /**
   * @param code - What the row is of. @param section - Title of the section with the row.
   * @returns the code in small letters for the first row of that code; for others the section's name stands behind it.
   */
  idOf(code, section) {
    const plain = code.toLowerCase()
    const id = this.#given.has(plain) ? `${plain}-${section.toLowerCase().replaceAll(/[^a-z]+/g, '-')}` : plain
    this.#given.add(id)
    return id
  }
}

/** Ids that stand more than once in a page. */
export function repeatedIds(page) {
  const ids = [...page.matchAll(/<a id="([^"]*)">/g)].map(([, id]) => id)
  return [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))]
}
