import { parentPort, workerData } from 'node:worker_threads'
import type { LedgerId } from '@tallystick/core/protocol'
import { admitTransaction } from './admission.ts'
import { checkBatch } from './batch-check.ts'
import type { VerifierReply, VerifierRequest, VerifierSetup } from './messages.ts'

const setup = workerData as VerifierSetup
const rules = { ledger: setup.ledger as LedgerId, block: setup.block }

function answer(request: VerifierRequest): VerifierReply {
  if (request.kind === 'batch') return { id: request.id, kind: 'batch', check: checkBatch(rules, request.encoded) }
  const admissions = request.encoded.map((encoded) => admitTransaction(rules, encoded))
  return { id: request.id, kind: 'transactions', admissions }
}

parentPort!.on('message', (request: VerifierRequest) => parentPort!.postMessage(answer(request)))
