// What of the kit is in the script of every contract. Each line of it is evaluated, and in each call's memory.

export { defineContract } from './contract/define-contract.ts'
export { action, view } from './contract/definition.ts'
export { LedgerError, Refusal, refuse } from './errors.ts'
export { fromJson, toJson } from './schema/json-form.ts'
export { t } from './schema/t.ts'
export { table } from './tables/table.ts'
