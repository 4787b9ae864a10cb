import type { Static } from '@sinclair/typebox'
import type { RowOf, Tables } from '../tables/table.ts'
import type { Events } from './context.ts'
import type { Contract } from './contract.ts'
import type { At, InputOf, ResultOf } from './definition.ts'

/**
 * All types of a contract by name, as code has the values (amounts are bigints).
 * @example type Open = ContractTypes<typeof contract>['actions']['open']['input']
 */
export type ContractTypes<C> =
  C extends Contract<infer T, infer E, infer I, infer O, infer VI, infer VO>
    ? {
        readonly actions: {
          readonly [K in keyof I]: { readonly input: InputOf<I[K]>; readonly output: ResultOf<At<O, K>> }
        }
        readonly views: {
          readonly [K in keyof VI]: { readonly input: InputOf<VI[K]>; readonly output: ResultOf<At<VO, K>> }
        }
        readonly events: EventTypes<E>
        readonly rows: RowTypes<T>
      }
    : never

type EventTypes<E extends Events> = { readonly [K in keyof E]: Static<E[K]> }
type RowTypes<T extends Tables> = { readonly [K in keyof T]: RowOf<T[K]> }
type Callables<C, G extends 'actions' | 'views'> = ContractTypes<C>[G]
type Side<T, S> = S extends keyof T ? T[S] : never

export type ActionName<C> = keyof Callables<C, 'actions'> & string
export type ActionInput<C, N extends ActionName<C>> = Side<Callables<C, 'actions'>[N], 'input'>
export type ActionOutput<C, N extends ActionName<C>> = Side<Callables<C, 'actions'>[N], 'output'>
export type ViewName<C> = keyof Callables<C, 'views'> & string
export type ViewInput<C, N extends ViewName<C>> = Side<Callables<C, 'views'>[N], 'input'>
export type ViewOutput<C, N extends ViewName<C>> = Side<Callables<C, 'views'>[N], 'output'>
export type EventName<C> = keyof ContractTypes<C>['events'] & string
export type EventData<C, N extends EventName<C>> = ContractTypes<C>['events'][N]
