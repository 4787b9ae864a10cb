const home = process.env.CRASH_HOME

/** The names of the files that a node writes, as the table of crash points has them, by their paths in the home. */
const names = [
  [/^data\/(journal|batches|blocks)\/\1-\d+\.log$/, (kind) => kind],
  [/^data\/(journal|batches|blocks)\/\1-\d+\.log\.[0-9a-f]+\.tmp$/, (kind) => `new-${kind}`],
  [/^data\/blocks\/blocks-\d+\.index(\.[0-9a-f]+\.tmp)?$/, () => 'heights'],
  [/^data\/state\/(state|results)-\d+\.log$/, (kind) => kind],
  [/^data\/state\/(state|results)-\d+\.log\.0+\.tmp$/, (kind) => `new-${kind}`],
  [/^data\/state\/index\//, () => 'index'],
  [/^data\/reservation(\.[0-9a-f]+\.tmp)?$/, () => 'reservation'],
  [/^consensus-keys-used(\.[0-9a-f]+\.tmp)?$/, () => 'keys-used'],
  [/^(data(\/(journal|batches|blocks|state))?)?$/, () => 'folder'],
]

/** @returns What a path of the home is called; the path itself if no name is known; `undefined` outside the home. */
export function placeOf(path) {
  if (path === undefined || !String(path).startsWith(home)) return undefined
  const inside = String(path).slice(home.length + 1)
  for (const [pattern, name] of names) {
    const match = pattern.exec(inside)
    if (match !== null) return name(match[1])
  }
  return inside
}
