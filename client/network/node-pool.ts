import { ClientError, type ClientErrorCode } from '../errors.ts'
import { pause } from './pause.ts'
import { withNode } from './request.ts'

const backoffFirstMs = 200
const backoffMaxMs = 5_000

/** What another try may cure. */
const passing: ReadonlySet<ClientErrorCode> = new Set(['CLIENT_NODE_UNREACHABLE', 'CLIENT_NODE_TIMEOUT'])
/** Problems that pass by themselves. */
const passingStatuses: ReadonlySet<number> = new Set([408, 429, 500, 503])
/** An honest node's word that there is nothing (yet): worth more than another node's silence. */
const answers: ReadonlySet<ClientErrorCode> = new Set([
  'CLIENT_NOT_FOUND',
  'CLIENT_NOT_PROVEN_YET',
  'CLIENT_PROOF_STALE',
  'CLIENT_CURSOR_GONE',
])

/**
 * Asks nodes one after another until one gives a usable answer: an answer that is missing, refused, malformed or forged
 * sends the question to the next. After a round it pauses and asks again, as long as time is left and something may have
 * passed by then.
 */
export class NodePool {
  readonly nodes: readonly string[]
  /** How long a question is asked again. */
  readonly retryTimeMs: number
  #preferred = 0

  constructor(nodes: readonly string[], retryTimeMs: number) {
    this.nodes = nodes.map(baseUrl)
    if (nodes.length === 0) throw new ClientError('CLIENT_NODE_ADDRESS_INVALID', { detail: 'No node is given.' })
    this.retryTimeMs = retryTimeMs
  }

  /** Asks another node first from now on. */
  rotate(): void {
    this.#preferred = (this.#preferred + 1) % this.nodes.length
  }

  /** @throws {ClientError} the one failure of all nodes, or CLIENT_NO_NODE_ANSWERED with the failure of each. */
  async ask<T>(signal: AbortSignal | undefined, attempt: (node: string) => Promise<T>): Promise<T> {
    const endMs = Date.now() + this.retryTimeMs
    for (let round = 0; ; round++) {
      const failures: ClientError[] = []
      for (let i = 0; i < this.nodes.length; i++) {
        const index = (this.#preferred + i) % this.nodes.length
        const node = this.nodes[index]!
        try {
          const answer = await attempt(node)
          this.#preferred = index
          return answer
        } catch (error) {
          if (!(error instanceof ClientError)) throw error
          if (error.code === 'CLIENT_ABORTED') throw error
          failures.push(withNode(error, node))
        }
      }
      const waitMs = waitBefore(round + 1, failures)
      if (waitMs === undefined || Date.now() + waitMs > endMs) throw verdict(failures)
      await pause(waitMs, signal)
    }
  }
}

/** How long to wait for another round, or `undefined` where none can help. */
function waitBefore(round: number, failures: readonly ClientError[]): number | undefined {
  if (failures.some(({ code }) => answers.has(code))) return undefined
  const hopeful = failures.filter(
    ({ code, problem }) => passing.has(code) || (problem !== undefined && passingStatuses.has(problem.status)),
  )
  if (hopeful.length === 0) return undefined
  const asked = Math.min(...hopeful.map(({ retryAfterMs }) => retryAfterMs ?? 0))
  // Half fixed, half random, so that clients that failed together don't come back together.
  const own = Math.min(backoffMaxMs, backoffFirstMs * 2 ** round) * (0.5 + Math.random() / 2)
  return Math.max(asked * (1 + Math.random() / 4), own)
}

function verdict(failures: readonly ClientError[]): ClientError {
  const answer = failures.find(({ code }) => answers.has(code))
  const [first] = failures
  const agreed = failures.every(({ code, problem }) => code === first?.code && problem?.code === first.problem?.code)
  const one = answer ?? (agreed ? first : undefined)
  if (one === undefined) {
    const detail = failures.map(({ node, message }) => `${node}: ${message}`).join(' ')
    return new ClientError('CLIENT_NO_NODE_ANSWERED', { detail, attempts: failures })
  }
  const { detail, node, link, problem, retryAfterMs, cause } = one
  return new ClientError(one.code, { detail, node, link, problem, retryAfterMs, cause, attempts: failures })
}

function baseUrl(text: string): string {
  let url: URL
  try {
    url = new URL(text)
  } catch (cause) {
    throw new ClientError('CLIENT_NODE_ADDRESS_INVALID', { detail: `${text}.`, cause })
  }
  if (!/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new ClientError('CLIENT_NODE_ADDRESS_INVALID', { detail: `${text}.` })
  }
  return url.href.replace(/\/+$/, '')
}
