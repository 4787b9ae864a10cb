import { parentPort, workerData } from 'node:worker_threads'
import { decodeJsonText } from '@tallystick/core/codec'
import { ContractEngine } from '@tallystick/core/contract-vm'
import { type ContractRunner, runnableKept } from '@tallystick/core/ledger'
import { genesis } from '@tallystick/core/protocol'
import { ExecutorError } from './errors.ts'
import { Executor } from './executor.ts'
import type { ExecutorReply, ExecutorRequest, ExecutorSetup, MachineMessage } from './messages.ts'
import { type Queries, queriesOf } from './queries.ts'
import { ReceiptProver } from './receipt-parts.ts'
import { runOnce } from './run-once.ts'

const machineRunAfterMs = 5_000
const port = parentPort!
const reply = (message: ExecutorReply, moved: ArrayBuffer[] = []): void => port.postMessage(message, moved)

async function serve({ genesisText, ...place }: ExecutorSetup): Promise<void> {
  let engine: ContractEngine | undefined
  // The machine comes before the first block to execute, and is not needed for opening the store.
  const runner: ContractRunner = { open: (...script) => engine!.open(...script) }
  const executor = await Executor.open(decodeJsonText(genesis, genesisText), place, runner)
  const queries: Queries = queriesOf(executor, new ReceiptProver(executor))

  const handle = async (request: ExecutorRequest): Promise<void> => {
    if (request.kind === 'execute') {
      // A block that can't be executed is a fault of this build: the height is not committed, and the node stops.
      const report = await executor.execute(request.final)
      reply({ id: request.id, kind: 'executed', report }, [report.ids.buffer, report.results.buffer])
    } else if (request.kind === 'close') {
      await executor.close()
      reply({ id: request.id, kind: 'closed' })
      port.close()
    } else {
      await answer(request)
    }
  }
  const answer = async (request: Extract<ExecutorRequest, { kind: 'query' }>): Promise<void> => {
    await executor.settled()
    try {
      const query = queries[request.name] as (...args: readonly unknown[]) => unknown
      reply({ id: request.id, kind: 'answer', value: await query(...request.args) })
    } catch (error) {
      reply({ id: request.id, kind: 'error', message: String((error as Error).stack ?? error) })
    }
  }

  // Blocks change what queries read, so one message is finished before the next begins.
  let last: Promise<void> = Promise.resolve()
  port.on('message', (request: ExecutorRequest | MachineMessage) => {
    if (request.kind === 'machine') {
      engine = new ContractEngine(request.machine, runnableKept)
      // Not while the node has the most to do.
      setTimeout(() => {
        last = last.then(() => runOnce(request.machine))
      }, machineRunAfterMs).unref()
      return
    }
    last = last.then(() => handle(request)).catch(fail)
  })
  reply({ kind: 'opened', height: executor.height })
}

function fail(error: unknown): void {
  const code = error instanceof ExecutorError ? error.code : 'EXECUTOR_FAILED'
  reply({ kind: 'failed', code, message: String((error as Error).stack ?? error) })
}

serve(workerData as ExecutorSetup).catch(fail)
