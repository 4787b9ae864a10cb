import { Type } from '@sinclair/typebox'
import { type NestedKey, nestedKey, type ProofDocument, type StateKey, stateKey } from '@tallystick/core/protocol'
import { sendProof } from '../answers.ts'
import { canonical, closed } from '../form/primitives.ts'
import type { NodePort, NoProof, StateLookup } from '../port.ts'
import type { Routes } from '../route.ts'
import { read } from './transactions.ts'

export const stateRoutes: Routes = (api, { port, options }) => {
  const key = closed({ key: canonical('a state key'), nested: Type.Optional(canonical('a nested key')) })
  api.post(
    '/v1/state/proofs',
    {
      schema: {
        operationId: 'stateProof',
        summary: 'Records of the state, or their absence, proven from genesis at one height.',
        description:
          'Keys name members, accounts, positions, assets, holds, tickets, recent ids, references, contracts and what these have.',
        tags: ['state'],
        body: closed({ keys: Type.Array(key, { minItems: 1, maxItems: options.limits.stateKeysMax }) }),
        response: { 200: canonical('a proof document') },
      },
    },
    async (request, reply) => {
      const lookups = read(() => request.body.keys.map((json, i) => lookupOf(json, `keys[${i}]`)))
      return sendProof(reply, await stateDocument(port, lookups), 'API_ACCOUNT_UNKNOWN')
    },
  )
}

function lookupOf(json: { key: unknown; nested?: unknown }, path: string): StateLookup {
  const key: StateKey = stateKey.fromJson(json.key, `${path}.key`)
  if (json.nested === undefined) return { key }
  const nested: NestedKey = nestedKey.fromJson(json.nested, `${path}.nested`)
  return { key, nested }
}

export async function stateDocument(port: NodePort, keys: readonly StateLookup[]): Promise<ProofDocument | NoProof> {
  const proof = await port.stateProof(keys)
  return typeof proof === 'string' ? proof : { kind: 'state', ...proof }
}
