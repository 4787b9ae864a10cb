import { createReadStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CreditTransfer, Pain001File, Pain001Result, StatusReason } from '@tallystick/iso20022'
import { readPain001 } from '@tallystick/iso20022'
import { readAddressBook } from '../address-book/address-book.ts'
import { type Context, homePaths } from '../context.ts'
import { CliError } from '../errors.ts'
import { assetsOfCodes } from '../ledger/assets.ts'
import type { Connection } from '../ledger/connect.ts'
import {
  accountProblem,
  currenciesOf,
  type ListedProblem,
  listedProblem,
  nameOf,
  refusedByCheck,
  refusedByPlan,
} from './check-file.ts'
import { Debtors } from './debtors.ts'
import type { PaymentName, SettledPayment } from './outcome.ts'
import { payAll } from './pay.ts'
import {
  type PaymentToSend,
  type PlannedPayment,
  type PlanSources,
  planPayment,
  planProblems,
  unknownParties,
} from './plan.ts'
import type { PaymentProblemCode } from './problems.ts'
import { digestOf, RecordWriter, recordName } from './record.ts'
import { writeReport } from './report.ts'
import type { Latencies } from './submit.ts'

/** Payments that are paid together; two pieces are under way at a time. */
const pieceMax = 256
/** A packed piece holds whole payment informations, up to this many payments. */
const packedPieceMax = 8_192
const piecesAtOnce = 2
/** Payments whose data and openings are written to the record together, before they are forgotten. */
const notedTogetherMax = 256

export interface ImportOptions {
  readonly file: string
  readonly packed: boolean
  /** Sends what has no problem, instead of nothing. */
  readonly partial: boolean
  readonly executeNow: boolean
  readonly businessDate: string | undefined
  readonly memberKey: string | undefined
  /** Opens and funds what the file needs, before it is planned. */
  readonly prepare: ((file: Pain001File, payments: AsyncIterable<CreditTransfer>) => Promise<void>) | undefined
}

export interface ImportResult {
  readonly file: Pain001File
  /** In the order of the file. */
  readonly payments: readonly SettledPayment[]
  readonly warnings: readonly ListedProblem[]
  readonly latencies: Latencies
  readonly reportPath: string
  readonly recordPath: string
}

/** The time against which dates are checked: a new block's, which is not before the last one nor the clock here. */
async function blockTimeMs({ client }: Connection, signal: AbortSignal): Promise<number> {
  const reports = await client.status({ signal })
  const times = reports.flatMap(({ status }) => (status === undefined ? [] : [status.finalTimeMs]))
  if (times.length === 0) throw new CliError('NETWORK_NOT_RUNNING', 'no node answers')
  return Math.max(Date.now(), ...times)
}

function sourceOf(path: string): { open(): AsyncIterable<Uint8Array> } {
  return {
    open: async function* () {
      try {
        yield* createReadStream(path, { highWaterMark: 1 << 18 })
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        throw new CliError('FILE_UNREADABLE', `${path}: it can not be read (${code})`, { path })
      }
    },
  }
}

/**
 * Reads, checks and pays a pain.001 file. Nothing is sent unless the whole file can be, or `partial` is set.
 * @throws {CliError} PAYMENTS_FILE_REFUSED with all problems in `fields.problems`.
 */
export async function importFile(
  context: Context,
  connection: Connection,
  options: ImportOptions,
): Promise<ImportResult> {
  const { home, signal } = context
  const { businessDate } = options
  const { referenceDaysBack, referenceDaysAhead } = connection.client.genesis.parameters.ledger
  const source = sourceOf(options.file)
  const read = await readPain001(source, {
    blockTimeMs: await blockTimeMs(connection, signal),
    executeNow: options.executeNow,
    daysBackMax: referenceDaysBack,
    daysAheadMax: referenceDaysAhead,
    ...(businessDate !== undefined && { businessDate }),
  })
  const { file } = read
  if (file === undefined) throw await refusal(context, options, read, read.problems.map(listedProblem))
  const isPayable = read.accepted || (read.partial && options.partial)
  if (options.prepare !== undefined && isPayable) await options.prepare(file, read.payments())
  const sources: PlanSources = {
    book: await readAddressBook(home, connection.client.genesis.network),
    assets: await assetsOfCodes(connection.client, currenciesOf(file), signal),
    debtors: new Debtors(context, connection, options.memberKey),
  }
  const problems = await allProblems(read, sources, options.prepare === undefined || isPayable)
  if (!read.partial || (problems.length > 0 && !options.partial)) throw await refusal(context, options, read, problems)
  const name = recordName(file.messageId, await digestOf(source.open()))
  await mkdir(homePaths.receipts(home), { recursive: true, mode: 0o700 })
  const record = await RecordWriter.open(home, name, file, options.file)
  const latencies: Latencies = { finalMs: [], provenMs: [] }
  try {
    const run = new ImportRun(context, connection, options, record, latencies, file.numberOfTransactions)
    const payments = await run.payFile(read, sources)
    const reportPath = join(homePaths.payments(home), `${name}${dateMark(options)}.pain.002.xml`)
    await writeReport(reportPath, file, payments)
    return {
      file,
      payments,
      warnings: read.warnings.map(listedProblem),
      latencies,
      reportPath,
      recordPath: record.path,
    }
  } finally {
    await record.close()
  }
}

/** Another date makes another report: the one of the payments that were made stays. */
function dateMark({ businessDate, executeNow }: ImportOptions): string {
  if (businessDate !== undefined) return `.${businessDate}`
  return executeNow ? `.now-${new Date().toISOString().slice(0, 10)}` : ''
}

function codesOf(planned: PlannedPayment | PaymentProblemCode[] | undefined): PaymentProblemCode[] {
  return Array.isArray(planned) ? planned : []
}

/** The file's own problems and those of its accounts, by line. */
async function allProblems(read: Pain001Result, sources: PlanSources, withAccounts: boolean): Promise<ListedProblem[]> {
  const problems = read.problems.map(listedProblem)
  if (!withAccounts) return problems
  for await (const outcome of read.outcomes()) {
    if (problems.length >= problemsMax) break
    if (outcome.payable) {
      const { payment } = outcome
      problems.push(...(await planProblems(sources, payment)).map((code) => accountProblem(payment, code)))
    } else {
      const { place } = outcome
      problems.push(...unknownParties(sources.book, outcome.parties).map((code) => accountProblem(place, code)))
    }
  }
  return problems.sort((a, b) => a.line - b.line)
}

const problemsMax = 1_000

async function refusal(
  { home }: Context,
  options: ImportOptions,
  { file, problems: own, problemCount }: Pain001Result,
  problems: readonly ListedProblem[],
): Promise<CliError> {
  const count = Math.max(problems.length, problemCount + problems.length - own.length)
  let reportPath: string | undefined
  if (file !== undefined) {
    await mkdir(homePaths.payments(home), { recursive: true, mode: 0o700 })
    reportPath = join(homePaths.payments(home), `${recordName(file.messageId, 'refused0')}.pain.002.xml`)
    const reasons = problems.slice(0, 10).map(({ iso, code, line, message }): StatusReason => {
      return { code: iso, additionalInfo: `${code}: ${message} (line ${line})` }
    })
    await writeReport(reportPath, file, [], reasons)
  }
  const why = `${options.file} has ${count} ${count === 1 ? 'problem' : 'problems'}; nothing was sent`
  return new CliError('PAYMENTS_FILE_REFUSED', why, { problems, problemCount: count, report: reportPath })
}

/** A payment whose data and openings are in the record. */
interface NotedPayment extends PaymentToSend {
  readonly payment: PaymentName
}

/** One run over a file's payments, piece by piece. */
class ImportRun {
  readonly #context: Context
  readonly #connection: Connection
  readonly #options: ImportOptions
  readonly #record: RecordWriter
  readonly #latencies: Latencies
  readonly #total: number

  constructor(
    context: Context,
    connection: Connection,
    options: ImportOptions,
    record: RecordWriter,
    latencies: Latencies,
    total: number,
  ) {
    this.#context = context
    this.#connection = connection
    this.#options = options
    this.#record = record
    this.#latencies = latencies
    this.#total = total
  }

  async payFile(read: Pain001Result, sources: PlanSources): Promise<SettledPayment[]> {
    const { output } = this.#context
    const progress = output.progress('payments', this.#total)
    const settled: SettledPayment[] = []
    const running = new Set<Promise<void>>()
    let done = 0
    let last: PlannedPayment | undefined
    const advance = (count: number): void => {
      done += count
      progress.set(Math.min(done, this.#total))
    }
    const piece: NotedPayment[] = []
    const notNoted: PlannedPayment[] = []
    const note = async (): Promise<void> => {
      const planned = notNoted.splice(0)
      await this.#record.planned(planned)
      piece.push(...planned.map(({ payment, debtor, action }) => ({ payment: nameOf(payment), debtor, action })))
    }
    const start = async (): Promise<void> => {
      await note()
      if (piece.length === 0) return
      const work = this.#payPiece(piece.splice(0), advance).then((outcomes) => void settled.push(...outcomes))
      const tracked: Promise<void> = work.finally(() => running.delete(tracked))
      tracked.catch(() => {})
      running.add(tracked)
      if (running.size >= piecesAtOnce) await Promise.race(running)
    }
    try {
      for await (const outcome of read.outcomes()) {
        const planned = outcome.payable ? await planPayment(sources, outcome.payment) : undefined
        if (!outcome.payable || Array.isArray(planned)) {
          settled.push(outcome.payable ? refusedByPlan(outcome.payment, codesOf(planned)) : refusedByCheck(outcome))
          advance(1)
        } else if (planned !== undefined) {
          if (this.#isFull(piece.length + notNoted.length, last, planned)) await start()
          notNoted.push(planned)
          last = planned
          if (notNoted.length >= notedTogetherMax) await note()
        }
      }
      await start()
      await Promise.all(running)
    } finally {
      await Promise.allSettled(running)
      progress.stop()
    }
    return settled.sort((a, b) => a.ordinal - b.ordinal)
  }

  /** Packed pieces end where a payment information does, so that it becomes one transaction. */
  #isFull(count: number, last: PlannedPayment | undefined, next: PlannedPayment): boolean {
    if (!this.#options.packed || last === undefined) return count >= pieceMax
    const isNewBlock = last.payment.paymentInformationOrdinal !== next.payment.paymentInformationOrdinal
    return count >= packedPieceMax || (isNewBlock && count >= pieceMax)
  }

  async #payPiece(piece: readonly NotedPayment[], onProven: (payments: number) => void): Promise<SettledPayment[]> {
    const { home, signal } = this.#context
    const { packed } = this.#options
    const options = { connection: this.#connection, home, packed, signal, latencies: this.#latencies, onProven }
    const outcomes = await payAll(options, piece)
    const settled = piece.map(({ payment }, i) => ({ ...payment, outcome: outcomes[i]! }))
    await this.#record.settled(settled)
    return settled
  }
}
