import { encode } from '@tallystick/core/codec'
import {
  type Commit,
  type ConsensusMessage,
  type ConsensusStatus,
  consensusMessage,
  type Effect,
  finalizedHeadersMax,
  type InputEvent,
  type PeerId,
} from '@tallystick/core/consensus'
import { type Block, block, type Finalization } from '@tallystick/core/protocol'
import type { SimplexOptions } from './options.ts'

/** Payloads that travel beside the headers of one answer, in bytes; the others are fetched by hash. */
const payloadBytesTarget = 524_288

export interface EffectTargets {
  input(event: InputEvent): void
  wake(atMs: number | undefined): void
  status(): ConsensusStatus
}

/** Carries out what the core asks for, once it is durable. Answers come back as inputs. */
export class EffectRunner {
  readonly #options: SimplexOptions
  readonly #targets: EffectTargets
  /** Blocks are committed in order, one commit at a time. */
  #commits: Promise<void> = Promise.resolve()
  /**
   * Final for the core, but not yet for the application. Until they are, what they list is known to nobody else: a payload that is
   * chosen or checked meanwhile must not list it a second time.
   */
  #committing: Block[] = []

  constructor(options: SimplexOptions, targets: EffectTargets) {
    this.#options = options
    this.#targets = targets
  }

  /** Resolves when every commit that was handed out is done, or one has failed. */
  settled(): Promise<void> {
    return this.#commits.catch(() => {})
  }

  run(effect: Effect): void {
    const { network, application, supervisor } = this.#options
    switch (effect.kind) {
      case 'broadcast':
        network.broadcast(encode(consensusMessage, effect.message))
        break
      case 'send':
        network.send(effect.to, encode(consensusMessage, effect.message))
        break
      case 'disconnect':
        network.disconnect(effect.peer, effect.reason)
        break
      case 'loopback':
        this.#targets.input({ kind: 'own', votes: effect.votes })
        break
      case 'wake':
        this.#targets.wake(effect.atMs)
        break
      case 'build':
        this.#answer(this.#build(effect.request))
        break
      case 'check':
        this.#answer(this.#check(effect))
        break
      case 'commit':
        this.#commit(effect.commit)
        break
      case 'reserve':
        this.#answer(this.#reserve(effect.view))
        break
      case 'serveFinalized':
        this.#answer(this.#serveFinalized(effect.to, effect.fromHeight))
        break
      case 'serveBlock':
        this.#answer(this.#serveBlock(effect))
        break
      case 'evidence':
        application.evidence(effect.evidence)
        break
      case 'alarm':
        supervisor.alarm(effect.code, effect.detail)
        break
      case 'halt':
        supervisor.halted(effect.diagnosis)
        break
    }
  }

  #answer(work: Promise<void>): void {
    work.catch((error) => this.#options.supervisor.fatal(error))
  }

  async #build(request: Extract<Effect, { kind: 'build' }>['request']): Promise<void> {
    const ancestors = [...this.#committing, ...request.ancestors]
    const { payload, timeMs } = await this.#options.application.buildPayload({ ...request, ancestors })
    this.#targets.input({ kind: 'built', view: request.view, payload, timeMs })
  }

  async #check({ block: candidate, hash, ancestors }: Extract<Effect, { kind: 'check' }>): Promise<void> {
    const verdict = await this.#options.application.checkPayload(candidate, [...this.#committing, ...ancestors])
    this.#targets.input({ kind: 'verdict', block: hash, verdict })
  }

  #commit(commit: Commit): void {
    const { header } = commit.blocks.at(-1)!
    this.#committing.push(...commit.blocks)
    this.#commits = this.#commits
      .then(() => this.#options.application.commit(commit, this.#committing.slice(commit.blocks.length)))
      .then(() => {
        this.#committing = this.#committing.slice(commit.blocks.length)
        this.#targets.input({ kind: 'committed', height: header.height })
      })
    // The chain stays rejected: after a failed commit no later one is tried.
    this.#answer(this.#commits)
  }

  async #reserve(view: number): Promise<void> {
    await this.#options.reservation.raise({ epoch: this.#options.consensus.epoch, view })
    this.#targets.input({ kind: 'reserved', view })
  }

  #send(to: PeerId, content: ConsensusMessage['content']): void {
    const { epoch, executedHeight, finalizedHeight } = this.#targets.status()
    this.#options.network.send(to, encode(consensusMessage, { epoch, executedHeight, finalizedHeight, content }))
  }

  async #serveFinalized(to: PeerId, fromHeight: number): Promise<void> {
    const found = await this.#options.application.finalizedFrom(fromHeight)
    if (found === undefined || found.blocks.length > finalizedHeadersMax) return
    const { proposal, quorum }: Finalization = found.finalization
    const headers = found.blocks.map(({ header }) => header)
    const payloads: (typeof found.blocks)[number]['payload'][] = []
    let bytes = 0
    for (const value of found.blocks) {
      bytes += encode(block, value).length
      if (bytes > payloadBytesTarget) break
      payloads.push(value.payload)
    }
    this.#send(to, { kind: 'finalized', finalization: { proposal, quorum }, headers, payloads })
  }

  async #serveBlock({ to, hash }: Extract<Effect, { kind: 'serveBlock' }>): Promise<void> {
    const value = await this.#options.application.blockByHash(hash)
    if (value !== undefined) this.#send(to, { kind: 'block', block: value })
  }
}
