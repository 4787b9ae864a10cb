import { createHash, type Hash } from 'node:crypto'
import { makeProblem, type Problem, UnreadableError } from '../problem.ts'
import { type Bytes, decodeXml } from '../xml/decode.ts'
import { createXmlParser } from '../xml/parse.ts'
import type { CreditTransfer, Pain001File } from './model.ts'
import { limitsOf, type Pain001Limits, type Pain001Options } from './options.ts'
import { Pain001Scan, type PaymentOutcome } from './scan.ts'

/** A file that can be read from its start more than once. */
export interface Pain001Source {
  open(): Bytes
}

export interface Pain001Result {
  /** Whether the file has no error, so that all of its payments can be sent. */
  readonly accepted: boolean
  /**
   * Whether payments without problems may be sent although others are refused: the errors lie in single payments or
   * payment informations, not in the file as a whole.
   */
  readonly partial: boolean
  /** What the file says, as far as it could be read. */
  readonly file?: Pain001File
  /** All errors in file order, up to `problemsMax`. */
  readonly problems: readonly Problem[]
  readonly problemCount: number
  readonly warnings: readonly Problem[]
  readonly warningCount: number
  /**
   * Every payment in file order, one by one, read again from the source: to be sent, or refused with its problems.
   * @throws {Pain001ChangedError} at the end, if the source is not the file that was checked.
   */
  outcomes(): AsyncGenerator<PaymentOutcome>
  /** The payments that can be sent: all of an accepted file, none where `partial` is false. */
  payments(): AsyncGenerator<CreditTransfer>
}

/** The file changed between its check and the reading of its payments. Nothing read from it may be relied on. */
export class Pain001ChangedError extends Error {
  readonly code = 'PAIN001_FILE_CHANGED'
  constructor() {
    super('the file changed while it was read: check it again')
    this.name = 'Pain001ChangedError'
  }
}

/**
 * Checks a pain.001 file as a whole and lists all of its problems; its payments are then read in a second pass. Memory
 * stays bounded whatever the number of payments, apart from their identifiers.
 *
 * An error of the source itself (a file that can't be read) is thrown as it comes.
 * @throws {RangeError} if `options.businessDate` is no date.
 */
export async function readPain001(source: Pain001Source | Uint8Array, options: Pain001Options): Promise<Pain001Result> {
  const limits = limitsOf(options)
  const opened: Pain001Source = source instanceof Uint8Array ? { open: () => [source] } : source
  const found = new Findings(limits.problemsMax)
  const scan = new Pain001Scan(limits, { problem: (problem) => found.add(problem), payment: () => {} })
  const digest = await scanAll(opened, limits, scan, found)

  const outcomes = () => readOutcomes(opened, limits, found, digest)
  const partial = found.ofFile.length === 0
  return {
    accepted: found.errorCount === 0,
    partial,
    ...(scan.file ? { file: scan.file } : {}),
    problems: found.listed,
    problemCount: found.errorCount,
    warnings: found.warnings,
    warningCount: found.warningCount,
    outcomes,
    async *payments() {
      if (!partial) return
      for await (const outcome of outcomes()) if (outcome.payable) yield outcome.payment
    },
  }
}

/** A file with so many errors is not read on: what is no payment file at all must not cost as much as one. */
const problemsCountedMax = 100_000
/** As many warnings are let pass, and more where there are payments that may each have some. */
const warningsPerPaymentMax = 16

/** The problems of a file: the first ones are kept, all are counted. */
class Findings {
  readonly errors: Problem[] = []
  readonly warnings: Problem[] = []
  readonly ofFile: Problem[] = []
  readonly ofBlock = new Map<number, Problem[]>()
  errorCount = 0
  warningCount = 0
  /** Reading goes on. */
  reading = true
  #lastOrdinal = 0
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  /** In file order; those of the file as a whole, which are found at its end, never fall to the limit. */
  get listed(): Problem[] {
    const others = this.errors.filter((problem) => !this.ofFile.includes(problem))
    const kept = [...this.ofFile, ...others].slice(0, this.#max)
    return kept.sort((a, b) => a.line - b.line || a.column - b.column)
  }

  clear(): void {
    this.errors.length = 0
    this.ofFile.length = 0
    this.ofBlock.clear()
    this.errorCount = 0
  }

  /** The problem at which the reading ends. */
  stop(problem: Problem): void {
    this.reading = false
    this.ofFile.length = Math.min(this.ofFile.length, Math.max(0, this.#max - 1))
    this.add(problem)
  }

  /** @throws {UnreadableError} once there are too many. */
  add(problem: Problem): void {
    this.#lastOrdinal = problem.ordinal ?? this.#lastOrdinal
    const isTooMany =
      this.errorCount >= problemsCountedMax ||
      this.warningCount >= problemsCountedMax + warningsPerPaymentMax * this.#lastOrdinal
    if (this.reading && isTooMany) {
      throw new UnreadableError('ISO20022_PROBLEMS_TOO_MANY', { max: problemsCountedMax }, problem)
    }
    if (problem.severity === 'warning') {
      this.warningCount += 1
      if (this.warnings.length < this.#max) this.warnings.push(problem)
      return
    }
    this.errorCount += 1
    if (this.errors.length < this.#max) this.errors.push(problem)
    if (problem.ordinal !== undefined) return
    const { paymentInformationOrdinal } = problem
    if (paymentInformationOrdinal === undefined) {
      if (this.ofFile.length < this.#max) this.ofFile.push(problem)
      return
    }
    const known = this.ofBlock.get(paymentInformationOrdinal) ?? []
    if (known.length < this.#max) known.push(problem)
    this.ofBlock.set(paymentInformationOrdinal, known)
  }
}

async function scanAll(
  source: Pain001Source,
  limits: Pain001Limits,
  scan: Pain001Scan,
  found: Findings,
): Promise<string | undefined> {
  const hash = createHash('sha256')
  const parser = createXmlParser(scan)
  try {
    for await (const text of decodeXml(hashed(source.open(), hash), limits.fileBytesMax)) parser.write(text)
    parser.end()
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    const at = error.at ?? parser.position
    // A template breaks the formats of its elements: that it is one is the only problem worth telling.
    if (error.code === 'ISO20022_MESSAGE_TEMPLATE') found.clear()
    found.stop(makeProblem(error.code, { line: at.line, column: at.column, path: '' }, error.fields))
    return undefined
  }
  return hash.digest('hex')
}

async function* readOutcomes(
  source: Pain001Source,
  limits: Pain001Limits,
  found: Findings,
  digest: string | undefined,
): AsyncGenerator<PaymentOutcome> {
  const hash = createHash('sha256')
  const queue: PaymentOutcome[] = []
  const again = new Findings(0)
  const scan = new Pain001Scan(limits, {
    problem: (problem) => again.add(problem),
    payment: (outcome) => queue.push(outcome),
  })
  const parser = createXmlParser(scan)
  try {
    for await (const text of decodeXml(hashed(source.open(), hash), limits.fileBytesMax)) {
      parser.write(text)
      for (const outcome of queue.splice(0)) yield judge(outcome, found)
    }
    parser.end()
  } catch (error) {
    if (!(error instanceof UnreadableError) || digest !== undefined) throw error
    for (const outcome of queue.splice(0)) yield judge(outcome, found)
    return
  }
  for (const outcome of queue.splice(0)) yield judge(outcome, found)
  if (hash.digest('hex') !== digest) throw new Pain001ChangedError()
}

/** A payment is refused with its payment information or file, whose sums are known only at their ends. */
function judge(outcome: PaymentOutcome, found: Findings): PaymentOutcome {
  const ordinal = outcome.payable ? outcome.payment.paymentInformationOrdinal : outcome.place.paymentInformationOrdinal
  const around = [...found.ofFile, ...(found.ofBlock.get(ordinal) ?? [])]
  if (!outcome.payable) {
    const own = outcome.problems.filter((problem) => problem.ordinal !== undefined)
    return { ...outcome, problems: [...around, ...own] }
  }
  if (around.length === 0) return outcome
  const {
    ordinal: place,
    paymentInformationOrdinal,
    paymentInformationId,
    line,
    instructionId,
    endToEndId,
  } = outcome.payment
  const refused = { ordinal: place, paymentInformationOrdinal, paymentInformationId, line, endToEndId }
  const { debtor, creditor } = outcome.payment
  return {
    payable: false,
    place: instructionId === undefined ? refused : { ...refused, instructionId },
    problems: around,
    parties: { debtor, creditor },
  }
}

async function* hashed(source: Bytes, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk)
    yield chunk
  }
}
