import { type Static, Type } from '@sinclair/typebox'
import { encode, type Json } from '@tallystick/core/codec'
import { actionsMax, type ProofOutcome, proofOutcomes, receiptProof } from '@tallystick/core/protocol'
import { receiptJson, sendProof } from '../answers.ts'
import { ApiError } from '../errors.ts'
import { canonical, closed, hex32, names, octets } from '../form/primitives.ts'
import { receiptView } from '../form/receipts.ts'
import type { PartSelection, ReceiptParts } from '../port.ts'
import type { ApiContext, Routes } from '../route.ts'
import { idOf } from './transactions.ts'

/** Indexes that one selection may name; more are had by `all`. */
const indexesMax = 256

const selectionText = Type.String({
  pattern: `^(all|none|(0|[1-9][0-9]{0,5})(,(0|[1-9][0-9]{0,5})){0,${indexesMax - 1}})$`,
  description: '`all`, `none`, or indexes such as `0,3`.',
})
const index = Type.Integer({ minimum: 0, maximum: actionsMax * 4 })
const selection = Type.Union([Type.Literal('all'), Type.Array(index, { maxItems: indexesMax })])

const parts =
  'Items, entries and events by their index in the receipt; of components, 0 is the envelope and 1 the first action.'
const proofRequest = closed(
  {
    id: hex32,
    items: Type.Optional(selection),
    entries: Type.Optional(selection),
    events: Type.Optional(selection),
    components: Type.Optional(selection),
  },
  parts,
)

export const receiptRoutes: Routes = (api, context) => {
  const { port, options } = context
  const params = closed({ id: hex32 })
  const tags = ['receipts']

  api.get(
    '/v1/receipts/:id',
    {
      schema: {
        operationId: 'receipt',
        summary: 'A receipt with its items, entries and events, without proof.',
        tags,
        params,
        response: { 200: receiptView },
      },
    },
    async (request) => {
      const view = await port.receipt(idOf(request.params.id))
      if (view === undefined) throw new ApiError('API_RECEIPT_UNKNOWN')
      return receiptJson(view)
    },
  )

  api.get(
    '/v1/receipts/:id/proof',
    {
      schema: {
        operationId: 'receiptProof',
        summary: 'The receipt file: a receipt with what is shown of it, proven from genesis.',
        description: parts,
        tags,
        params,
        querystring: closed({
          items: Type.Optional(selectionText),
          entries: Type.Optional(selectionText),
          events: Type.Optional(selectionText),
          components: Type.Optional(selectionText),
        }),
        response: { 200: canonical('a proof document') },
      },
    },
    async (request, reply) => {
      const { items = 'all', entries = 'all', events = 'all', components = 'none' } = request.query
      const wanted = {
        items: selectionOf(items),
        entries: selectionOf(entries),
        events: selectionOf(events),
        components: selectionOf(components),
      }
      const proof = await port.receiptProof(idOf(request.params.id), wanted)
      const document = typeof proof === 'string' ? proof : ({ kind: 'receipt', ...proof } as const)
      return sendProof(reply, document, 'API_RECEIPT_UNKNOWN')
    },
  )

  api.post(
    '/v1/receipts/proofs',
    {
      schema: {
        operationId: 'receiptProofs',
        summary: 'Many receipts with their proofs; in binary where `accept` is application/octet-stream.',
        description: parts,
        tags,
        body: closed({ requests: Type.Array(proofRequest, { minItems: 1, maxItems: options.limits.proofsMax }) }),
        response: {
          200: {
            description: 'One outcome per request, in order; `left-out` is to be asked for again.',
            content: {
              'application/json': {
                schema: closed({
                  outcomes: Type.Array(
                    Type.Object({
                      kind: names(['proven', 'pending', 'unknown', 'left-out']),
                      proof: Type.Optional(canonical('a receipt proof')),
                    }),
                  ),
                }),
              },
              'application/octet-stream': { schema: octets('The canonical encoding of the outcomes.') },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const outcomes = await outcomesOf(context, request.body.requests)
      if (request.headers.accept === 'application/octet-stream') {
        return reply.type('application/octet-stream').send(Buffer.from(encode(proofOutcomes, outcomes)))
      }
      const json = outcomes.map(
        (outcome): Json =>
          outcome.kind === 'proven'
            ? { kind: 'proven', proof: receiptProof.toJson(outcome.proof) }
            : { kind: outcome.kind },
      )
      return reply.type('application/json').send({ outcomes: json })
    },
  )
}

/** One after another, until together they are as large as an answer may be; the first is always answered. */
async function outcomesOf(
  { port, options }: ApiContext,
  requests: readonly Static<typeof proofRequest>[],
): Promise<ProofOutcome[]> {
  const outcomes: ProofOutcome[] = []
  let bytes = 0
  for (const { id, ...wanted } of requests) {
    if (bytes > options.limits.proofBytesMax) {
      outcomes.push({ kind: 'left-out' })
      continue
    }
    const proof = await port.receiptProof(idOf(id), partsOf(wanted))
    if (typeof proof === 'string') outcomes.push({ kind: proof })
    else {
      outcomes.push({ kind: 'proven', proof })
      bytes += encode(receiptProof, proof).length
    }
  }
  return outcomes
}

function partsOf(wanted: Omit<Static<typeof proofRequest>, 'id'>): ReceiptParts {
  const { items = 'all', entries = 'all', events = 'all', components = [] } = wanted
  return { items, entries, events, components }
}

function selectionOf(text: string): PartSelection {
  if (text === 'all') return 'all'
  return text === 'none' ? [] : text.split(',').map(Number)
}
