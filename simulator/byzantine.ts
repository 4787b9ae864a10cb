import type { ConsensusConfig, ConsensusMessage, SignedVote, Vote } from '@tallystick/core/consensus'
import { type Block, blockHashOf, type Proposal, proposalHashOf, voteMessage } from '@tallystick/core/protocol'
import type { Random } from './random.ts'

export type Habit = 'equivocates' | 'double votes' | 'withholds' | 'garbles'
export const habits: readonly Habit[] = ['equivocates', 'double votes', 'withholds', 'garbles']

/**
 * What a misbehaving validator sends in the place of what the real engine under its key would send: another version of
 * it to some of its peers, votes that contradict each other, or nothing.
 */
export class Adversary {
  readonly #config: ConsensusConfig
  readonly #random: Random
  readonly #habits: readonly Habit[]
  #held: ConsensusMessage[] = []

  constructor(config: ConsensusConfig, random: Random, has: readonly Habit[]) {
    this.#config = config
    this.#random = random
    this.#habits = has
  }

  /** The messages that go to one peer instead of this one. */
  distort(message: ConsensusMessage, peer: number): ConsensusMessage[] {
    const { content } = message
    if (this.#does('garbles') && this.#random.oneIn(4)) return [this.#garbled(message)]
    if (this.#does('withholds') && content.kind === 'certificates') return this.#delayed(message)
    if (this.#does('equivocates') && content.kind === 'proposal' && content.block !== undefined && peer % 2 === 1) {
      return [this.#otherProposal(message, content.vote, content.block, content.justification)]
    }
    if (this.#does('double votes') && content.kind === 'votes') {
      const own = content.votes.filter(({ signer }) => signer === this.#config.self)
      return [
        message,
        { ...message, content: { kind: 'votes', votes: own.flatMap((vote) => this.#contradictions(vote)) } },
      ]
    }
    return [message]
  }

  #does(habit: Habit): boolean {
    return this.#habits.includes(habit)
  }

  /** Certificates go out late, or never. */
  #delayed(message: ConsensusMessage): ConsensusMessage[] {
    this.#held.push(message)
    if (!this.#random.oneIn(6)) return []
    const late = this.#held
    this.#held = []
    return late
  }

  #otherProposal(
    message: ConsensusMessage,
    { vote }: SignedVote,
    block: Block,
    justification: Extract<ConsensusMessage['content'], { kind: 'proposal' }>['justification'],
  ): ConsensusMessage {
    if (vote.kind !== 'notarize') return message
    const other: Block = { ...block, header: { ...block.header, timeMs: block.header.timeMs + 1 } }
    const proposal: Proposal = { ...vote.proposal, blockHash: blockHashOf(other.header) }
    return {
      ...message,
      content: { kind: 'proposal', vote: this.#sign('notarize', proposal), block: other, justification },
    }
  }

  /** Beside a nullify a finalize of something, beside a finalize a nullify, beside a notarize one of something else. */
  #contradictions({ vote }: SignedVote): SignedVote[] {
    if (vote.kind === 'finalize') return [this.#nullify(vote.proposal.view)]
    if (vote.kind === 'nullify') return []
    const other: Proposal = { ...vote.proposal, justificationHash: this.#random.bytes(32) }
    return [this.#sign('notarize', other), this.#sign('finalize', this.#random.oneIn(2) ? other : vote.proposal)]
  }

  #sign(kind: 'notarize' | 'finalize', proposal: Proposal): SignedVote {
    const { config } = { config: this.#config }
    const message = voteMessage(kind, config.ledger, proposal.epoch, proposal.view, proposalHashOf(proposal))
    const vote: Vote = { kind, proposal, signature: config.sign(message) }
    return { signer: config.self!, vote }
  }

  #nullify(view: number): SignedVote {
    const { ledger, epoch, self, sign } = this.#config
    return {
      signer: self!,
      vote: { kind: 'nullify', epoch, view, signature: sign(voteMessage('nullify', ledger, epoch, view)) },
    }
  }

  /** Wrong heights, wrong signatures, requests for nonsense. */
  #garbled(message: ConsensusMessage): ConsensusMessage {
    const { content } = message
    const junk = this.#random.bytes(64)
    if (content.kind === 'votes' && content.votes.length > 0) {
      const [{ signer, vote }] = content.votes as [SignedVote]
      return { ...message, content: { kind: 'votes', votes: [{ signer, vote: { ...vote, signature: junk } }] } }
    }
    if (content.kind === 'certificates' && content.certificates.length > 0) {
      const certificate = content.certificates[0]!
      const quorum = { ...certificate.quorum, signatures: certificate.quorum.signatures.map(() => junk) }
      return { ...message, content: { kind: 'certificates', certificates: [{ ...certificate, quorum }] } }
    }
    return {
      ...message,
      executedHeight: this.#random.below(1_000),
      content: { kind: 'requestViews', from: 0, to: 2 ** 40 },
    }
  }
}

/** What an adversary's own engine must not see, or it would notice that its key signs elsewhere. */
export function withoutOwnVotes(message: ConsensusMessage, self: number): ConsensusMessage {
  const { content } = message
  if (content.kind === 'votes') {
    return { ...message, content: { kind: 'votes', votes: content.votes.filter(({ signer }) => signer !== self) } }
  }
  return message
}
