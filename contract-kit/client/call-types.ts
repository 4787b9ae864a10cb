import type { ContractTypes } from '../contract/contract-types.ts'

/** Inputs and outputs by the names of actions or views. */
export interface CallTypes {
  readonly [name: string]: { readonly input: unknown; readonly output: unknown }
}

/** What a contract takes and gives, by name. */
interface ContractShape {
  readonly actions: CallTypes
  readonly views: CallTypes
}

/** The types of a contract's module. */
export type ShapeOf<C> = ContractTypes<C> extends infer S extends ContractShape ? S : never

/** What fits the input of each of these names: of a union of names, whatever it turns out to be. */
export type InputOfAll<T extends CallTypes, N extends keyof T> = (
  N extends unknown
    ? (input: T[N]['input']) => void
    : never
) extends (input: infer I) => void
  ? I
  : never
