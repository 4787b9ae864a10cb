import { toHex } from '@tallystick/core/codec'
import type {
  Commit,
  ConsensusMessage,
  Diagnosis,
  Evidence,
  MessageContent,
  SignedVote,
} from '@tallystick/core/consensus'
import { type ConsensusConfig, isProven } from '@tallystick/core/consensus'
import { blockHashOf, type Certificate, type ExecutedRoots, proposalHashOf } from '@tallystick/core/protocol'
import { digestsOf } from './application.ts'

/** A rule that a run broke. */
export class OracleViolation extends Error {
  override readonly name = 'OracleViolation'
}

/** Watches everything that honest nodes do, over all their lives (spec/consensus.md, the oracles). */
export class Oracles {
  readonly #config: ConsensusConfig
  readonly #isByzantine: (node: number) => boolean
  readonly #finalByHeight = new Map<number, string>()
  readonly #heights = new Map<number, number>()
  readonly #notarized = new Map<number, string>()
  readonly #finalized = new Map<number, string>()
  readonly #nullified = new Set<number>()
  /** `signer/view/kind` → subject, of honest signers. */
  readonly #cast = new Map<string, string>()
  readonly #roots = new Map<number, string>()
  /** The height at which each batch became final. */
  readonly #orderedAt = new Map<string, number>()
  readonly accused = new Set<number>()
  readonly halts: { node: number; diagnosis: Diagnosis }[] = []
  readonly #tolerateForks: boolean
  forked = false

  /** @param tolerateForks - With more Byzantine stake than W/3 a fork is what the run is for: it is noted, not thrown. */
  constructor(config: ConsensusConfig, isByzantine: (node: number) => boolean, tolerateForks: boolean) {
    this.#config = config
    this.#isByzantine = isByzantine
    this.#tolerateForks = tolerateForks
  }

  sent(node: number, { content }: ConsensusMessage): void {
    for (const vote of votesIn(content)) if (vote.signer === node) this.#voted(vote)
    for (const certificate of certificatesIn(content)) this.#certified(certificate)
  }

  committed(node: number, { blocks }: Commit): void {
    for (const block of blocks) {
      const { header } = block
      const expected = (this.#heights.get(node) ?? 0) + 1
      if (header.height > expected)
        throw new OracleViolation(`node ${node} skipped from height ${expected} to ${header.height}`)
      this.#heights.set(node, Math.max(this.#heights.get(node) ?? 0, header.height))
      this.#same(this.#finalByHeight, header.height, toHex(blockHashOf(header)), `final blocks of height`)
      for (const digest of digestsOf(block)) this.#ordered(digest, header.height)
    }
  }

  #ordered(digest: string, height: number): void {
    const before = this.#orderedAt.get(digest) ?? height
    this.#orderedAt.set(digest, before)
    if (before !== height && !this.#tolerateForks)
      throw new OracleViolation(`a batch is final twice, at heights ${before} and ${height}`)
  }

  executed(roots: ExecutedRoots): void {
    this.#same(this.#roots, roots.height, toHex(roots.stateRoot) + toHex(roots.historyRoot), 'executed roots of height')
  }

  evidence(evidence: Evidence): void {
    if (!isProven(this.#config, evidence)) throw new OracleViolation('evidence that proves nothing')
    if (!this.#isByzantine(evidence.signer))
      throw new OracleViolation(`evidence against honest validator ${evidence.signer}`)
    this.accused.add(evidence.signer)
  }

  halted(node: number, diagnosis: Diagnosis): void {
    this.halts.push({ node, diagnosis })
    if (!this.#tolerateForks)
      throw new OracleViolation(`honest node ${node} halted: ${diagnosis.code} ${diagnosis.detail}`)
  }

  #voted({ signer, vote }: SignedVote): void {
    const view = vote.kind === 'nullify' ? vote.view : vote.proposal.view
    const subject = vote.kind === 'nullify' ? '' : toHex(proposalHashOf(vote.proposal))
    const cast = (kind: string): string | undefined => this.#cast.get(`${signer}/${view}/${kind}`)
    const clash =
      (cast(vote.kind) ?? subject) !== subject ||
      (vote.kind === 'nullify' && cast('finalize') !== undefined) ||
      (vote.kind === 'finalize' && (cast('nullify') !== undefined || (cast('notarize') ?? subject) !== subject)) ||
      (vote.kind === 'notarize' && (cast('finalize') ?? subject) !== subject)
    if (clash)
      throw new OracleViolation(`honest validator ${signer} contradicted itself in view ${view} with ${vote.kind}`)
    this.#cast.set(`${signer}/${view}/${vote.kind}`, subject)
  }

  #certified(certificate: Certificate): void {
    if (certificate.kind === 'nullification') {
      this.#nullified.add(certificate.view)
      if (this.#finalized.has(certificate.view)) this.#fork(`view ${certificate.view} is final and nullified`)
      return
    }
    const { view } = certificate.proposal
    const subject = toHex(proposalHashOf(certificate.proposal))
    this.#same(this.#notarized, view, subject, 'notarizations of view')
    if (certificate.kind === 'notarization') return
    this.#same(this.#finalized, view, subject, 'finalizations of view')
    if (this.#nullified.has(view)) this.#fork(`view ${view} is nullified and final`)
  }

  #same(known: Map<number, string>, at: number, value: string, what: string): void {
    const other = known.get(at)
    if (other === undefined) known.set(at, value)
    else if (other !== value) this.#fork(`two ${what} ${at}`)
  }

  #fork(detail: string): void {
    this.forked = true
    if (!this.#tolerateForks) throw new OracleViolation(detail)
  }
}

export function votesIn(content: MessageContent): readonly SignedVote[] {
  if (content.kind === 'proposal') return [content.vote]
  return content.kind === 'votes' ? content.votes : []
}

function certificatesIn(content: MessageContent): readonly Certificate[] {
  if (content.kind === 'proposal') return content.justification
  if (content.kind === 'finalized') return [{ ...content.finalization, kind: 'finalization' }]
  return content.kind === 'certificates' ? content.certificates : []
}
