import type * as Kit from '@tallystick/contract-kit/build'
import { CodedFailure } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'

export type BuildKit = typeof Kit
export type { BuiltContract } from '@tallystick/contract-kit/build'

/** What builds contracts. It is loaded here alone, so that other commands start without it. */
export function loadKit(): Promise<BuildKit> {
  return import('@tallystick/contract-kit/build')
}

/** Does something with the kit. @throws {CodedFailure} for what is wrong with the contract, with all its places. */
export async function withKit<T>(work: (kit: BuildKit) => T | Promise<T>): Promise<T> {
  const kit = await loadKit()
  try {
    return await work(kit)
  } catch (error) {
    if (!(error instanceof kit.BuildError)) throw error
    const { code, message, problems } = error
    throw new CodedFailure({
      code,
      message: message.replaceAll(/^[A-Z_]+: /gm, ''),
      remedy: kit.buildProblems[code][1],
      docs: `docs/errors.md#${code.toLowerCase()}`,
      exit: exitCodes.usage,
      fields: { problems },
    })
  }
}
