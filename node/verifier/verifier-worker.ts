import { parentPort, workerData } from 'node:worker_threads'
import type { LedgerId } from '@tallystick/core/protocol'
import { checkBatch } from './batch-check.ts'
import { checkList, checkSingles } from './check-submission.ts'
import { type CheckedTransactions, transferable } from './checked-transactions.ts'
import type { VerifierReply, VerifierRequest, VerifierSetup } from './messages.ts'

const setup = workerData as VerifierSetup
const rules = { ledger: setup.ledger as LedgerId, block: setup.block }

function answer(request: VerifierRequest): VerifierReply {
  const { kind, encoded } = request
  if (kind === 'batch') return { kind, check: checkBatch(rules, encoded) }
  if (kind === 'list') return { kind, check: checkList(rules, request.gate, encoded) }
  return { kind, check: checkSingles(rules, request.gate, encoded, request.ends) }
}

function checkedIn({ check }: VerifierReply): CheckedTransactions | undefined {
  if ('transactions' in check) return check.transactions
  return 'refusals' in check ? check : undefined
}

parentPort!.on('message', (request: VerifierRequest) => {
  const reply = answer(request)
  const checked = checkedIn(reply)
  parentPort!.postMessage(reply, checked === undefined ? [] : transferable(checked))
})
