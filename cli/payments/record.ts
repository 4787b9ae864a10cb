import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { decodeJson } from '@tallystick/core/codec'
import { type DisclosureField, disclosureField } from '@tallystick/core/protocol'
import type { Pain001File } from '@tallystick/iso20022'
import { homePaths } from '../context.ts'
import { CliError } from '../errors.ts'
import { toJsonText } from '../output/output.ts'
import type { PaymentOutcome, SettledPayment } from './outcome.ts'
import type { PlannedPayment } from './plan.ts'

/** What a record says of a payment that was going to be sent: names and openings, which the ledger does not have. */
export interface RecordedPayment {
  readonly ordinal: number
  readonly paymentInformationId: string
  readonly instructionId: string | undefined
  readonly endToEndId: string
  readonly currency: string
  readonly amountMinor: string
  readonly businessDate: string
  readonly fields: readonly DisclosureField[]
  readonly outcome: PaymentOutcome | undefined
}

/** The record of one payment file. */
export interface ImportRecord {
  readonly path: string
  readonly messageId: string
  readonly file: string
  readonly importedMs: number
  readonly payments: ReadonlyMap<number, RecordedPayment>
}

/** Readable, and of each file its own: the digest is of the file. */
export function recordName(messageId: string, digest: string): string {
  return `${messageId.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 64)}-${digest.slice(0, 8)}`
}

/** SHA-256 of a file, in hexadecimal. */
export async function digestOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of content) hash.update(chunk)
  return hash.digest('hex')
}

/**
 * Notes what happens with a file's payments, line by line and synced, before anything is sent: a killed importer leaves a
 * record whose last line may be cut, and the next one goes on behind it. That nothing is paid twice does not hang on the
 * record, but on the ledger's references.
 */
export class RecordWriter {
  readonly path: string
  readonly #file: FileHandle
  /** Payments that an earlier run noted, and of which of them it noted that they were paid. */
  readonly #noted: ReadonlyMap<number, 'planned' | 'paid'>
  #last: Promise<void> = Promise.resolve()

  private constructor(path: string, file: FileHandle, noted: ReadonlyMap<number, 'planned' | 'paid'>) {
    this.path = path
    this.#file = file
    this.#noted = noted
  }

  static async open(home: string, name: string, file: Pain001File, source: string): Promise<RecordWriter> {
    const directory = homePaths.payments(home)
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const path = join(directory, `${name}.jsonl`)
    const noted = await notedIn(path)
    const writer = new RecordWriter(path, await open(path, 'a', 0o600), noted)
    const head = { kind: 'file', version: 1, messageId: file.messageId, file: source, importedMs: Date.now() }
    // The first end of line ends what a killed importer may have left cut, the empty line behind it says so.
    await writer.#append(['', '', toJsonText(head)])
    return writer
  }

  async planned(payments: readonly PlannedPayment[]): Promise<void> {
    await this.#append(
      payments.flatMap(({ payment, fields }) => {
        const { ordinal, paymentInformationId, instructionId, endToEndId, currency, amountMinor, businessDate } =
          payment
        if (this.#noted.has(ordinal)) return []
        const shown = { ordinal, paymentInformationId, instructionId, endToEndId, currency, amountMinor, businessDate }
        return [toJsonText({ kind: 'payment', ...shown, fields })]
      }),
    )
  }

  async settled(payments: readonly SettledPayment[]): Promise<void> {
    await this.#append(
      payments.flatMap(({ ordinal, outcome }) =>
        this.#noted.get(ordinal) === 'paid' ? [] : [toJsonText({ kind: 'outcome', ordinal, outcome })],
      ),
    )
  }

  async close(): Promise<void> {
    await this.#last
    await this.#file.close()
  }

  /** One after another: pieces of a file are paid side by side, and their lines must not mix. */
  #append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return this.#last
    this.#last = this.#last.then(async () => {
      await this.#file.appendFile(`${lines.join('\n')}\n`)
      await this.#file.sync()
    })
    return this.#last
  }
}

/** Names and openings are most of a record: of 100,000 payments they would not fit beside the import. */
const withoutFields = (payment: RecordedPayment): RecordedPayment => ({ ...payment, fields: [] })

/** What a record has already. A damaged one is put aside, so that it is written anew. */
async function notedIn(path: string): Promise<Map<number, 'planned' | 'paid'>> {
  try {
    const { payments } = await readRecord(path, () => true, withoutFields)
    return new Map([...payments].map(([ordinal, { outcome }]) => [ordinal, isPaid(outcome) ? 'paid' : 'planned']))
  } catch (error) {
    if (error instanceof CliError) await rename(path, `${path}.damaged`)
    else if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return new Map()
  }
}

/** The records of a home, sorted by name. */
export async function recordPaths(home: string): Promise<string[]> {
  const directory = homePaths.payments(home)
  const names = await readdir(directory).catch(() => [])
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(directory, name))
}

/**
 * Reads a record line by line; a cut line, which a killed importer leaves, counts as not written.
 * @param keep - Which payments are wanted; all if not given. Their number decides how much memory is used.
 * @param shorten - Leaves out what of a kept payment is not wanted.
 * @throws {CliError} PAYMENT_RECORD_MALFORMED
 */
export async function readRecord(
  path: string,
  keep: (payment: RecordedPayment) => boolean = () => true,
  shorten: (payment: RecordedPayment) => RecordedPayment = (payment) => payment,
): Promise<ImportRecord> {
  const payments = new Map<number, RecordedPayment>()
  let head = { messageId: '', file: '', importedMs: 0 }
  let cut: { readonly line: number; readonly why: string } | undefined
  let number = 0
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number += 1
    if (line !== '' && cut !== undefined) throw malformed(path, cut)
    if (line === '') {
      cut = undefined
      continue
    }
    try {
      const value = JSON.parse(line) as Record<string, never>
      if (value.kind === 'file') head = { ...head, ...(value as object) }
      else if (value.kind === 'outcome')
        noteOutcome(payments, Number(value.ordinal), value.outcome as unknown as PaymentOutcome)
      else notePayment(payments, paymentOf(value), keep, shorten)
    } catch (error) {
      cut = { line: number, why: (error as Error).message }
    }
  }
  const { messageId, file, importedMs } = head
  return { path, messageId, file, importedMs, payments }
}

function malformed(path: string, { line, why }: { readonly line: number; readonly why: string }): CliError {
  return new CliError('PAYMENT_RECORD_MALFORMED', `${path}:${line}: ${why}`, { path })
}

function notePayment(
  payments: Map<number, RecordedPayment>,
  payment: RecordedPayment,
  keep: (payment: RecordedPayment) => boolean,
  shorten: (payment: RecordedPayment) => RecordedPayment,
): void {
  if (!keep(payment)) return
  payments.set(payment.ordinal, { ...shorten(payment), outcome: payments.get(payment.ordinal)?.outcome })
}

function paymentOf(value: Record<string, never>): RecordedPayment {
  const { ordinal, paymentInformationId, instructionId, endToEndId, currency, amountMinor, businessDate } = value
  const fields = (value.fields as unknown as unknown[]).map((field) => decodeJson(disclosureField, field))
  const shown = { ordinal, paymentInformationId, instructionId, endToEndId, currency, amountMinor, businessDate }
  return { ...(shown as unknown as Omit<RecordedPayment, 'fields' | 'outcome'>), fields, outcome: undefined }
}

/** What was paid stays paid: a later run can only learn less. */
function noteOutcome(payments: Map<number, RecordedPayment>, ordinal: number, outcome: PaymentOutcome): void {
  const payment = payments.get(ordinal)
  if (payment === undefined || (isPaid(payment.outcome) && !isPaid(outcome))) return
  payments.set(ordinal, { ...payment, outcome })
}

function isPaid(outcome: PaymentOutcome | undefined): boolean {
  return outcome?.kind === 'paid' || outcome?.kind === 'paid-earlier'
}
