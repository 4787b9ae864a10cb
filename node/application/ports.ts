/** A final block as it is stored: with the batches it lists, so that blocks can be executed from the files alone. */
export interface FinalRecord {
  readonly height: number
  readonly block: Uint8Array
  readonly batches: readonly Uint8Array[]
  /** The encoded finality proof, where the block has one of its own; otherwise a later one makes it final. */
  readonly finality: Uint8Array | undefined
}

/** Where a final block stands in the block files. */
export interface BlockLocation {
  readonly segment: number
  readonly offset: number
}

/** A final block that was stored, for the executor, which reads its transactions there. */
export interface LocatedRecord extends FinalRecord {
  readonly location: BlockLocation
}

/** The append-only files of final blocks. */
export interface BlockFilesPort {
  /** The height of the newest stored block, 0 if only genesis is there. */
  readonly height: number
  append(record: FinalRecord): BlockLocation
  /** Resolves when all that was appended is durable. */
  sync(): Promise<void>
  read(height: number): LocatedRecord | undefined
  /** The encoded block alone, not checked against damage. */
  readBlock(height: number): Uint8Array | undefined
}
