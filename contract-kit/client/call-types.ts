import type { ContractTypes } from '../contract/contract-types.ts'

interface CallTypes {
  readonly [name: string]: { readonly input: unknown; readonly output: unknown }
}

/** What a contract takes and gives, by name. */
interface ContractShape {
  readonly actions: CallTypes
  readonly views: CallTypes
}

/** The types of a contract's module. */
export type ShapeOf<C> = ContractTypes<C> extends infer S extends ContractShape ? S : never

/**
 * Functions of many types at once. To infer a name from one generic function makes the compiler open the types of all schemas, and
 * give up.
 */
export type All<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never
