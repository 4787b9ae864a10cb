import { type ActionRule, done } from './rule.ts'

/** Does nothing by itself: the block that carries it lets time pass, so that what is due gets done. By a validator. */
export const tick: ActionRule<'tick'> = {
  requires: () => [[{ by: 'validator' }]],
  execute: () => done,
}
