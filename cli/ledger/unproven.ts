import { ClientError } from '@tallystick/client'

/** What a question gives, or `otherwise` on a ledger that has proven nothing yet. */
export async function orUnproven<T>(question: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await question
  } catch (error) {
    if (error instanceof ClientError && error.code === 'CLIENT_NOT_PROVEN_YET') return otherwise
    throw error
  }
}
