import { ContractCallError } from '@tallystick/contract-kit/testing'

/** What a call is refused with; `undefined` if it is done. @throws whatever else it ends with. */
export function codeOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof ContractCallError) return error.code
    throw error
  }
}
