import { detached, find, type MessageNode, valueAt } from '../check/node.ts'
import { createWalk, refuseTemplate } from '../check/walk.ts'
import type { ProblemCode, ProblemFields } from '../errors.ts'
import { makeProblem, type PaymentPlace, type Position, type Problem, UnreadableError } from '../problem.ts'
import { namespaceOf } from '../table/namespaces.ts'
import { documentOf } from '../table/schema.ts'
import { parseDecimal } from '../values/decimal.ts'
import type { XmlHandler } from '../xml/parse.ts'
import { creditTransferOf, partyOf } from './build.ts'
import { type ExecutionDate, executionDateOf, placeOf, tellOutsideWindow } from './dates.ts'
import type { CreditTransfer, Pain001File, Party, PaymentInformation } from './model.ts'
import type { Pain001Limits } from './options.ts'
import { type Recognized, recognizeRoot, refuseUnknownNamespace } from './recognize.ts'
import {
  checkBlockRules,
  checkNotBlank,
  checkPaymentRules,
  checkValueRules,
  ONE_LEVEL_ONLY,
  type Tell,
} from './rules.ts'
import { addToTally, checkTally, newTally, sumOf, type Tally } from './tally.ts'

/** One payment of a file, in file order: to be sent, or refused with its problems or those of what it stands in. */
export type PaymentOutcome =
  | { readonly payable: true; readonly payment: CreditTransfer }
  | {
      readonly payable: false
      readonly place: RefusedPayment
      readonly problems: readonly Problem[]
      /** As far as no problem was found in them: so that unknown accounts can be told together with everything else. */
      readonly parties: { readonly debtor?: Party; readonly creditor?: Party }
    }

export interface RefusedPayment extends PaymentPlace {
  readonly ordinal: number
  readonly paymentInformationOrdinal: number
  readonly line: number
}

export interface ScanListener {
  problem(problem: Problem): void
  payment(outcome: PaymentOutcome): void
}

/** Nodes that are held at a time: of the header of a block, or of one payment. */
const NODES_MAX = 20_000
const NOT_PROVIDED = 'NOTPROVIDED'

interface Block {
  readonly node: MessageNode
  readonly ordinal: number
  readonly tally: Tally
  readonly instructions: Map<string, number>
  readonly problems: Problem[]
  readonly statedTwice: Set<string>
  /** Nodes that were held before it. */
  readonly nodesBefore: number
  head?: { readonly id: string | undefined; readonly date: ExecutionDate; readonly debtor: Party | undefined }
}

interface Payment {
  readonly node: MessageNode
  readonly ordinal: number
  readonly problems: Problem[]
  readonly nodesBefore: number
}

/**
 * Checks one file from its XML events, and tells problems and payments in file order. Its memory does not grow with the
 * payments, apart from their identifiers, which it must compare.
 */
export class Pain001Scan implements XmlHandler {
  readonly #limits: Pain001Limits
  readonly #listener: ScanListener
  readonly #tally = newTally()
  readonly #blockIds = new Map<string, number>()
  readonly #endToEndIds = new Map<string, number>()
  readonly #uetrs = new Map<string, number>()
  readonly #blocks: PaymentInformation[] = []
  readonly #totals = new Map<string, { payments: number; amountMinor: bigint }>()
  #root: { readonly namespace: string; readonly at: Position } | undefined
  #message: Recognized | undefined
  #walk: XmlHandler | undefined
  #header: MessageNode | undefined
  #block: Block | undefined
  #payment: Payment | undefined
  #nodes = 0

  constructor(limits: Pain001Limits, listener: ScanListener) {
    this.#limits = limits
    this.#listener = listener
  }

  /** The file so far, or nothing before it is known to be a pain.001 with a valid message identification. */
  get file(): Pain001File | undefined {
    const messageId = validAt(this.#header, 'MsgId')
    if (!this.#message || messageId === undefined) return undefined
    const creationDateTime = validAt(this.#header, 'CreDtTm')
    const initiatingParty = valueAt(this.#header, 'InitgPty', 'Nm')
    return {
      version: this.#message.base,
      messageName: this.#message.name,
      messageId,
      ...(creationDateTime === undefined ? {} : { creationDateTime }),
      ...(initiatingParty === undefined ? {} : { initiatingParty }),
      numberOfTransactions: this.#tally.count,
      ...sumOf(this.#tally),
      paymentInformations: this.#blocks,
      totals: this.#totals,
    }
  }

  open(...[name, namespace, attributes, at]: Parameters<XmlHandler['open']>): void {
    if (!this.#walk) {
      if (this.#root) refuseUnknownNamespace(name, this.#root.namespace, at)
      this.#root = { namespace, at }
      this.#message = recognizeRoot(name, namespace, at)
      if (!this.#message) return
      this.#start(this.#message, namespace, at)
    }
    this.#walk?.open(name, namespace, attributes, at)
  }

  text(text: string): void {
    this.#walk?.text(text)
  }

  close(): void {
    if (!this.#walk && this.#root) refuseUnknownNamespace('Document', this.#root.namespace, this.#root.at)
    this.#walk?.close()
  }

  #start(message: Recognized, namespace: string, at: Position): void {
    this.#walk = createWalk(documentOf(message.base), namespace, {
      opened: (node) => this.#opened(node),
      closed: (node) => this.#closed(node),
      problem: (code, place, fields) => this.#report(code, place, fields),
    })
    if (message.national === undefined) return
    const fields = { country: message.national, message: message.name, base: namespaceOf(message.base) }
    this.#report('ISO20022_NAMESPACE_NATIONAL', { ...at, path: 'Document' }, fields)
  }

  readonly #tell: Tell = (code, node, fields) => this.#report(code, placeOf(node), fields)

  #report(code: ProblemCode, at: Position & { readonly path: string }, fields: ProblemFields): void {
    const problem = makeProblem(code, at, fields, this.#payment ? this.#placeOfPayment() : this.#placeOfBlock())
    const holder = this.#payment ?? this.#block
    const held =
      problem.severity === 'error' && holder !== undefined && holder.problems.length < this.#limits.problemsMax
    if (held) holder.problems.push(problem)
    // Problems of a payment wait for its end, when its identifiers are known.
    if (!held || !this.#payment) this.#listener.problem(problem)
  }

  #placeOfBlock(): PaymentPlace {
    if (!this.#block) return {}
    const id = this.#block.head?.id ?? valueAt(this.#block.node, 'PmtInfId')
    return { paymentInformationOrdinal: this.#block.ordinal, ...(id === undefined ? {} : { paymentInformationId: id }) }
  }

  #placeOfPayment(): PaymentPlace {
    const { node, ordinal } = this.#payment!
    const instructionId = valueAt(node, 'PmtId', 'InstrId')
    const endToEndId = valueAt(node, 'PmtId', 'EndToEndId')
    return {
      ...this.#placeOfBlock(),
      ordinal,
      ...(instructionId === undefined ? {} : { instructionId }),
      ...(endToEndId === undefined ? {} : { endToEndId }),
    }
  }

  #opened(node: MessageNode): void {
    this.#nodes += 1
    if (this.#nodes > NODES_MAX) throw new UnreadableError('PAIN001_PAYMENT_TOO_LARGE', { max: NODES_MAX }, node)
    if (node.name === 'PmtInf' && node.parent?.name === 'CstmrCdtTrfInitn') {
      this.#block = {
        node,
        ordinal: node.occurrence,
        tally: newTally(),
        instructions: new Map(),
        problems: [],
        statedTwice: new Set(),
        nodesBefore: this.#nodes - 1,
      }
    } else if (this.#block && node.name === 'CdtTrfTxInf' && node.parent === this.#block.node) {
      this.#headOf(this.#block)
      const ordinal = this.#tally.count + 1
      const max = this.#limits.paymentsMax
      if (ordinal > max) throw new UnreadableError('PAIN001_PAYMENTS_TOO_MANY', { max }, node)
      this.#payment = { node, ordinal, problems: [], nodesBefore: this.#nodes - 1 }
    }
  }

  #closed(node: MessageNode): void {
    if (node.type.kind === 'value') checkValueRules(node, this.#tell)
    else if (node === this.#payment?.node) this.#closePayment(this.#payment, this.#block!)
    else if (node === this.#block?.node) this.#closeBlock(this.#block)
    else if (node.name === 'GrpHdr' && node.parent?.name === 'CstmrCdtTrfInitn') this.#closeHeader(node)
    else if (node.name === 'CstmrCdtTrfInitn' && node.parent?.parent === undefined) this.#closeMessage()
  }

  #closeHeader(node: MessageNode): void {
    if (this.#header) return
    this.#header = node
    const id = find(node, 'MsgId')
    if (id) refuseTemplate(id.value, id)
    checkNotBlank(id, this.#tell)
    const { businessDay } = this.#limits
    if (businessDay !== undefined) tellOutsideWindow(businessDay, node, this.#limits, this.#tell)
  }

  /** What stands before the payments of a block is checked when the first of them begins. */
  #headOf(block: Block): NonNullable<Block['head']> {
    if (block.head) return block.head
    const { node } = block
    const id = valueAt(node, 'PmtInfId')
    const date = executionDateOf(node, this.#limits, this.#tell)
    const debtor = partyOf(find(node, 'Dbtr'), find(node, 'DbtrAcct'), find(node, 'DbtrAgt'))
    checkBlockRules(node, this.#tell)
    if (id !== undefined) {
      const first = firstSeen(this.#blockIds, id, node.line)
      if (first !== undefined) this.#tell('PAIN001_DUPLICATE_PAYMENT_INFORMATION', node, { id, first })
    }
    block.head = { id, date, debtor }
    return block.head
  }

  #closePayment(payment: Payment, block: Block): void {
    const { node, ordinal } = payment
    const head = this.#headOf(block)
    const amount = find(node, 'Amt', 'InstdAmt') ?? find(node, 'Amt', 'EqvtAmt', 'Amt')
    const value = amount?.isValid ? parseDecimal(amount.value) : undefined
    addToTally(this.#tally, value)
    addToTally(block.tally, value)
    checkPaymentRules(node, block.node, this.#limits.amountMinorMax, this.#tell)
    this.#checkRepeats(payment, block)
    const place = this.#placeOfPayment()
    const problems = payment.problems.map((problem) => ({ ...problem, ...place }))
    for (const problem of problems) this.#listener.problem(problem)
    this.#payment = undefined
    const messageId = valueAt(this.#header, 'MsgId')
    const { id, date, debtor } = head
    const transfer =
      problems.length === 0 && messageId !== undefined && id !== undefined && date.business !== undefined && debtor
        ? creditTransferOf(node, block.node, {
            ordinal,
            ordinalInPaymentInformation: block.tally.count,
            paymentInformationOrdinal: block.ordinal,
            messageId,
            paymentInformationId: id,
            businessDate: date.business,
            debtor,
          })
        : undefined
    if (transfer && block.problems.length === 0) {
      const total = this.#totals.get(transfer.currency) ?? { payments: 0, amountMinor: 0n }
      this.#totals.set(transfer.currency, {
        payments: total.payments + 1,
        amountMinor: total.amountMinor + transfer.amountMinor,
      })
      this.#listener.payment({ payable: true, payment: transfer })
    } else {
      const where = { ...place, ordinal, paymentInformationOrdinal: block.ordinal, line: node.line }
      const creditor = partyOf(find(node, 'Cdtr'), find(node, 'CdtrAcct'), find(node, 'CdtrAgt'))
      const parties = {
        ...(debtor && !concern(block.problems, 'DbtrAcct') ? { debtor } : {}),
        ...(creditor && !concern(problems, 'CdtrAcct') ? { creditor } : {}),
      }
      this.#listener.payment({
        payable: false,
        place: where,
        problems: [...block.problems, ...problems],
        parties,
      })
    }
    block.node.children.pop()
    this.#nodes = payment.nodesBefore
  }

  #checkRepeats({ node }: Payment, block: Block): void {
    const repeated = (name: string, seen: Map<string, number>, code: ProblemCode) => {
      const id = find(node, 'PmtId', name)
      if (!id?.isValid || id.value === NOT_PROVIDED) return
      const first = firstSeen(seen, id.value, node.line)
      if (first !== undefined) this.#tell(code, id, { id: id.value, first })
    }
    repeated('InstrId', block.instructions, 'PAIN001_DUPLICATE_INSTRUCTION')
    repeated('UETR', this.#uetrs, 'PAIN001_DUPLICATE_UETR')
    repeated('EndToEndId', this.#endToEndIds, 'PAIN001_END_TO_END_REPEATED')
    for (const name of ONE_LEVEL_ONLY) {
      const own = find(node, name)
      if (!own || block.statedTwice.has(name) || !find(block.node, name)) continue
      block.statedTwice.add(name)
      this.#tell('PAIN001_STATED_TWICE', own, { element: name })
    }
  }

  #closeBlock(block: Block): void {
    const { id, date, debtor } = this.#headOf(block)
    const stated = { number: find(block.node, 'NbOfTxs'), sum: find(block.node, 'CtrlSum') }
    const codes = { number: 'PAIN001_NUMBER_OF_TRANSACTIONS_BLOCK', sum: 'PAIN001_CONTROL_SUM_BLOCK' } as const
    checkTally(block.tally, stated, codes, this.#tell)
    this.#blocks.push({
      ordinal: block.ordinal,
      line: block.node.line,
      paymentInformationId: id ?? '',
      ...(date.requested === undefined ? {} : { requestedExecutionDate: date.requested }),
      ...(date.business === undefined ? {} : { businessDate: date.business }),
      ...(debtor ? { debtor } : {}),
      numberOfTransactions: block.tally.count,
      ...sumOf(block.tally),
    })
    block.node.parent?.children.pop()
    this.#block = undefined
    this.#nodes = block.nodesBefore
  }

  #closeMessage(): void {
    const stated = { number: find(this.#header, 'NbOfTxs'), sum: find(this.#header, 'CtrlSum') }
    const codes = { number: 'PAIN001_NUMBER_OF_TRANSACTIONS_GROUP', sum: 'PAIN001_CONTROL_SUM_GROUP' } as const
    checkTally(this.#tally, stated, codes, this.#tell)
  }
}

/** Whether a problem lies at or below an element of that name. */
function concern(problems: readonly Problem[], element: string): boolean {
  return problems.some(({ path }) => path.split('/').some((step) => step.startsWith(element)))
}

/** The line on which a value came first, or nothing if that is now. */
function firstSeen(seen: Map<string, number>, value: string, line: number): number | undefined {
  const first = seen.get(value)
  if (first === undefined) seen.set(detached(value), line)
  return first
}

function validAt(node: MessageNode | undefined, name: string): string | undefined {
  return find(node, name)?.isValid ? valueAt(node, name) : undefined
}
