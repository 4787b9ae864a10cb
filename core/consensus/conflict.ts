import { acceptCertificate } from './certificates.ts'
import { type Engine, send } from './engine.ts'
import type { Input } from './input.ts'
import { certificatesPerMessageMax } from './messages.ts'
import { incriminatingCertificates } from './misbehaviour.ts'

/**
 * What a node that halted on a conflict still does: it shows its certificates to whoever connects and compares those of
 * others with its own, so that the signers of both sides are found. It signs, commits and relays nothing.
 */
export function gatherEvidence(engine: Engine, input: Input): void {
  const { state, out } = engine
  if (!state.stops.some(({ kind }) => kind === 'conflict')) return
  if (input.kind === 'message' && input.message.epoch === engine.config.epoch) {
    const { content } = input.message
    if (content.kind !== 'certificates') return
    for (const certificate of content.certificates) acceptCertificate(engine, certificate, input.from, false)
  }
  if (input.kind === 'connected') {
    const shown = incriminatingCertificates(engine)
    for (let i = 0; i < shown.length; i += certificatesPerMessageMax) {
      const certificates = shown.slice(i, i + certificatesPerMessageMax)
      send(engine, input.peer.id, { kind: 'certificates', certificates })
    }
  }
  out.ownVotes = []
}
