import type { ContractRecord, ContractRow } from '@tallystick/core/protocol'

/** A contract with what its code says of itself, as text. */
export interface DescribedContract {
  readonly record: ContractRecord
  readonly manifest: string
}

/** Keys from ≥, to <. */
export interface RowsAsked {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly reverse?: boolean | undefined
  readonly limit: number
}

export interface RowsPage {
  readonly height: number
  /** Under which the rows can be proven. */
  readonly generation: number
  readonly rows: readonly ContractRow[]
  /** Where the next page begins: its `from`, or where the order is reversed its `to`. */
  readonly next: string | undefined
}
