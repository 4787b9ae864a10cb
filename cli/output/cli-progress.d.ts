declare module 'cli-progress' {
  export class SingleBar {
    constructor(
      options: { format: string; stream?: NodeJS.WritableStream; stopOnComplete?: boolean; hideCursor?: boolean },
      preset: object,
    )
    start(total: number, value: number): void
    update(value: number): void
    setTotal(total: number): void
    stop(): void
  }
  export const Presets: { readonly shades_classic: object }
}
