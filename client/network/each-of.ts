/** Works through a list with at most so many under way at once. The first failure ends it. */
export async function eachOf<T>(
  items: readonly T[],
  underWayMax: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      await work(items[index]!, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(underWayMax, items.length) }, worker))
}
