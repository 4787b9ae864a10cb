/** The methods of every route, for telling a wrong method from a wrong path. */
export class RouteMethods {
  readonly #routes: { readonly segments: readonly string[]; readonly methods: Set<string> }[] = []

  add(url: string, methods: readonly string[]): void {
    const segments = url.split('/')
    const known = this.#routes.find((route) => route.segments.join('/') === url)
    const set = known?.methods ?? new Set<string>()
    if (known === undefined) this.#routes.push({ segments, methods: set })
    for (const method of methods) set.add(method)
  }

  /** The methods of the path; none where there is no such path. */
  of(path: string): string[] {
    const asked = path.split('/')
    const fits = ({ segments }: { readonly segments: readonly string[] }): boolean =>
      segments.length === asked.length && segments.every((name, i) => name.startsWith(':') || name === asked[i])
    return [...new Set(this.#routes.filter(fits).flatMap(({ methods }) => [...methods]))].sort()
  }
}
