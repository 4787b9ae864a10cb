import { equalBytes, toHex } from '../../codec/index.ts'
import { type CallMeter, HostLimit } from '../../contract-vm/index.ts'
import {
  type AccountId,
  type AssetId,
  bookedInputBytesMax,
  byteLength,
  type ContractId,
  contractAccountIdOf,
  contractPolicy,
  eventDataBytesMax,
  type Fund,
  fundsMax,
  isContractName,
  type MemberId,
  type ResultCode,
  rowKeyBytesMax,
  rowKeyHashOf,
  type StateKey,
  storageIdOf,
} from '../../protocol/index.ts'
import type { ActionScope } from '../action-scope.ts'
import { transfer } from '../actions/transfer.ts'
import { availableOf } from '../floors.ts'
import { latin1 } from '../state/state-key-text.ts'
import { book, cancelBooking } from './bookings.ts'
import type { CallEnd, ContractCall, Frame } from './contract-call.ts'
import { isOwnAccount } from './funds.ts'
import { JsonFields, QuestionError } from './json-fields.ts'

const questionFuel = 500
const dearFuel = 10_000
const dear: ReadonlySet<string> = new Set(['t', 'e', 's', 'x', 'c', 'v', 'n'])
const changing: ReadonlySet<string> = new Set(['p', 'd', 't', 'e', 's', 'x', 'c', 'n'])
/** What the ledger itself says of a contract. */
const topicsOfLedger: ReadonlySet<string> = new Set([
  'returned',
  'refused',
  'failed',
  'credited',
  'trigger-stopped',
  'upgraded',
  'upgrade-given-up',
])
const rowsMax = 100
const rangeBytesMax = 65_536
/** Beside key and value: digest, index, book-keeping. */
const rowOverheadBytes = 128
const eventOverheadBytes = 96
const transferBytes = 1_024
const accountBytes = 256
const labelMax = 2 ** 32 - 1

type RowKey = Extract<StateKey, { kind: 'contract-row' }>

const done = '='
const nothing = '-'

function refusal(code: ResultCode, message: string): string {
  return `!${code} ${message}`
}

/** Answers what a contract asks of the ledger (spec/contracts.md §5). */
export class ContractHost {
  readonly #call: ContractCall

  constructor(call: ContractCall) {
    this.#call = call
  }

  /** @throws {HostLimit} where a limit of the call is met. */
  answer(frame: Frame, question: string, meter: CallMeter): string {
    const what = question.charAt(0)
    meter.charge(BigInt(questionFuel + question.length + (dear.has(what) ? dearFuel : 0)))
    if (meter.fuelLeft < 0n) throw new HostLimit('fuel')
    if (frame.readOnly && changing.has(what)) return refusal('CONTRACT_READ_ONLY', frame.request.name)
    try {
      const answer = this.#answer(frame, what, question.slice(1), meter)
      meter.charge(BigInt(answer.length))
      return answer
    } catch (error) {
      if (error instanceof QuestionError) return refusal('CONTRACT_QUESTION_INVALID', error.message)
      throw error
    }
  }

  #answer(frame: Frame, what: string, argument: string, meter: CallMeter): string {
    switch (what) {
      case 'g':
        return this.#get(placeOf(frame, argument))
      case 'p':
        return this.#put(frame, argument)
      case 'd':
        return this.#delete(frame, argument)
      case 'r':
        return this.#range(frame.storage, argument)
      case 'o':
        return this.#old(frame, argument)
      case 't':
        return this.#transfer(frame, JsonFields.parse(argument))
      case 'b':
        return this.#balance(frame, JsonFields.parse(argument))
      case 'e':
        return this.#emit(frame, JsonFields.parse(argument))
      case 's':
        return this.#schedule(frame, JsonFields.parse(argument))
      case 'x':
        return this.#cancel(frame, argument)
      case 'c':
        return this.#callContract(frame, JsonFields.parse(argument), meter)
      case 'v':
        return this.#viewContract(frame, JsonFields.parse(argument), meter)
      case 'n':
        return this.#openAccount(frame, argument)
      case 'i':
        return this.#about(JsonFields.parse(argument))
      case 'l':
        this.#call.log(frame, argument)
        return done
      default:
        throw new QuestionError(`there is no question "${what}"`)
    }
  }

  #get(place: RowKey): string {
    const row = this.#call.state.get<'contract-row'>(place)
    return row === undefined ? nothing : done + row.value
  }

  #put(frame: Frame, argument: string): string {
    const colon = argument.indexOf(':')
    const length = Number(argument.slice(0, colon))
    if (colon < 1 || !Number.isSafeInteger(length) || colon + 1 + length > argument.length) {
      throw new QuestionError('the length of the key is missing')
    }
    const key = argument.slice(colon + 1, colon + 1 + length)
    const value = argument.slice(colon + 1 + length)
    const keyBytes = byteLength(key)
    const bytes = keyBytes + byteLength(value)
    const tooLong = keyBytes > rowKeyBytesMax || bytes > this.#call.block.parameters.contracts.rowBytesMax
    if (key === '' || tooLong) return refusal('CONTRACT_ROW_INVALID', `${bytes} bytes at "${key.slice(0, 64)}"`)
    this.#written(bytes + rowOverheadBytes)
    const place = placeOf(frame, key)
    const scope = this.#scope
    if (this.#call.state.get<'contract-row'>(place) === undefined) {
      scope.create<'contract-row'>(place, { key, value }, frame.record.member)
    } else scope.put<'contract-row'>(place, { key, value })
    return done
  }

  #delete(frame: Frame, key: string): string {
    const place = placeOf(frame, key)
    if (this.#call.state.get<'contract-row'>(place) === undefined) return nothing
    this.#written(rowOverheadBytes)
    this.#scope.remove(place, frame.record.member)
    return done
  }

  #range(storage: Uint8Array, argument: string): string {
    const fields = JsonFields.parse(argument)
    const limit = Math.min(fields.optionalCount('limit') ?? rowsMax, rowsMax)
    const range = {
      from: fields.optionalText('from'),
      to: fields.optionalText('to'),
      reverse: fields.value('reverse') === true,
    }
    const rows: ([string, string] | null)[] = []
    let bytes = 0
    for (const key of limit === 0 ? [] : this.#call.state.rows.range(latin1(storage), range)) {
      const { value } = this.#call.state.get<'contract-row'>(rowKey(storage, key))!
      bytes += key.length + value.length
      if (bytes > rangeBytesMax && rows.length > 0) {
        rows.push(null)
        break
      }
      rows.push([key, value])
      if (rows.length === limit) break
    }
    return done + JSON.stringify(rows)
  }

  #old(frame: Frame, argument: string): string {
    if (frame.request.kind !== 'migration') throw new QuestionError('only a migration reads the generation before')
    const storage = storageIdOf(frame.contract, frame.record.generation)
    const rest = argument.slice(1)
    if (argument.startsWith('g')) return this.#get(rowKey(storage, rest))
    if (argument.startsWith('r')) return this.#range(storage, rest)
    throw new QuestionError('of the generation before, rows can be read alone')
  }

  #transfer(frame: Frame, fields: JsonFields): string {
    const debit = fields.id<AccountId>('debit')
    const credit = fields.id<AccountId>('credit')
    const asset = fields.id<AssetId>('asset')
    const amount = fields.amount('amount')
    const { state } = this.#call
    const isOwn = isOwnAccount(state, frame.record, debit)
    const funds = frame.funds.snapshot
    if (!isOwn && !frame.funds.take(debit, asset, amount)) return refusal('FUNDS_EXCEEDED', toHex(debit))
    this.#written(transferBytes)
    const scope = this.#scope
    const problem = this.#call.attempt(() => {
      const { result } = transfer.execute(scope, {
        kind: 'transfer',
        debit,
        credit,
        asset,
        amount,
        reference: undefined,
        commitment: undefined,
      })
      if (result !== 'OK') return result
      return scope.floors.firstBroken(state) === undefined ? undefined : 'INSUFFICIENT_FUNDS'
    })
    if (problem === undefined) return done
    frame.funds.restore(funds)
    return refusal(problem, toHex(debit))
  }

  #balance(frame: Frame, fields: JsonFields): string {
    const account = fields.id<AccountId>('account')
    const asset = fields.id<AssetId>('asset')
    if (!isOwnAccount(this.#call.state, frame.record, account) && !frame.funds.covers(account)) {
      return refusal('NOT_AUTHORIZED', toHex(account))
    }
    const position = this.#call.state.position(account, asset)
    const posted = position === undefined ? 0n : position.creditsPosted - position.debitsPosted
    const available = position === undefined ? 0n : availableOf(position)
    return done + JSON.stringify({ posted: String(posted), available: String(available) })
  }

  #emit(frame: Frame, fields: JsonFields): string {
    const topic = fields.text('topic')
    const data = JSON.stringify(fields.value('data') ?? null)
    if (!isContractName(topic) || topicsOfLedger.has(topic)) return refusal('CONTRACT_NAME_INVALID', topic.slice(0, 64))
    const bytes = byteLength(data)
    if (bytes > eventDataBytesMax) return refusal('CONTRACT_OUTPUT_EXCEEDED', `an event of ${bytes} bytes`)
    this.#written(bytes + topic.length + eventOverheadBytes)
    const scope = this.#scope
    if (scope.events.length >= this.#call.block.parameters.contracts.eventsMax) throw new HostLimit('events')
    scope.emit({ source: frame.contract, topic, data })
    return done
  }

  #schedule(frame: Frame, fields: JsonFields): string {
    const name = fields.text('action')
    const input = JSON.stringify(fields.value('input') ?? null)
    const bytes = byteLength(input)
    if (bytes > bookedInputBytesMax) return refusal('CONTRACT_OUTPUT_EXCEEDED', `an input of ${bytes} bytes`)
    const callable = this.#call.block.programs.manifestOf(frame.record.nextCode ?? frame.record.code).actions.get(name)
    if (callable === undefined) return refusal('CONTRACT_ACTION_UNKNOWN', name.slice(0, 64))
    if (fields.count('atMs') < this.#call.block.timeMs) return refusal('BOOKING_TIME_INVALID', name)
    this.#written(bytes + accountBytes)
    const booking = {
      kind: 'schedule',
      name,
      input,
      dueMs: fields.count('atMs'),
      everyMs: fields.optionalCount('everyMs'),
      fuel: fields.count('fuel'),
      hop: 0,
      cause: this.#scope.place.transaction,
    } as const
    const booked = book(this.#scope, frame.contract, booking)
    return typeof booked === 'number' ? `${done}${booked}` : refusal(booked, name)
  }

  #cancel(frame: Frame, argument: string): string {
    const number = Number(argument)
    if (!Number.isSafeInteger(number) || number < 0) throw new QuestionError('not the number of a booking')
    // The one that is being run has been taken away already; what is left is not to book it again.
    if (number === frame.request.by?.booking && !this.#call.isBookingCancelled) {
      this.#call.isBookingCancelled = true
      return done
    }
    return cancelBooking(this.#scope, frame.contract, number) ? done : nothing
  }

  #callContract(frame: Frame, fields: JsonFields, meter: CallMeter): string {
    const contract = fields.id<ContractId>('contract')
    const { parameters } = this.#call.block
    if (this.#call.isUnderWay(contract)) return refusal('CONTRACT_REENTERED', toHex(contract))
    if (this.#call.depth >= parameters.contracts.callDepthMax)
      return refusal('CONTRACT_CALL_DEPTH_EXCEEDED', toHex(contract))
    const before = frame.funds.snapshot
    const funds = this.#fundsFor(frame, fields.list('funds', fundsMax))
    if (funds === undefined) return refusal('FUNDS_EXCEEDED', toHex(contract))
    const end = this.#call.run(
      {
        contract,
        kind: 'action',
        name: fields.text('action'),
        input: fields.value('input') ?? null,
        callers: [{ kind: 'contract', id: toHex(frame.contract) }],
        funds,
      },
      fuelFor(fields, meter),
    )
    if (end.kind === 'failed') frame.funds.restore(before)
    return this.#ended(end, meter)
  }

  #viewContract(frame: Frame, fields: JsonFields, meter: CallMeter): string {
    const contract = fields.id<ContractId>('contract')
    if (this.#call.depth >= this.#call.block.parameters.contracts.callDepthMax) {
      return refusal('CONTRACT_CALL_DEPTH_EXCEEDED', toHex(contract))
    }
    const request = {
      contract,
      kind: 'view',
      name: fields.text('view'),
      input: fields.value('input') ?? null,
      callers: [{ kind: 'contract', id: toHex(frame.contract) }],
      funds: [],
    } as const
    return this.#ended(this.#call.run(request, fuelFor(fields, meter)), meter)
  }

  #ended(end: CallEnd, meter: CallMeter): string {
    meter.charge(end.fuelUsed)
    return end.kind === 'done' ? done + (end.output ?? '') : `!${end.told.code} ${end.told.message}`
  }

  /** What a called contract may take: out of what is left here, or of own accounts. */
  #fundsFor(frame: Frame, wanted: readonly JsonFields[]): Fund[] | undefined {
    const funds: Fund[] = []
    for (const fields of wanted) {
      const fund = {
        account: fields.id<AccountId>('account'),
        asset: fields.id<AssetId>('asset'),
        amount: fields.amount('amount'),
      }
      const isOwn = isOwnAccount(this.#call.state, frame.record, fund.account)
      const isDouble = funds.some(
        (other) => equalBytes(other.account, fund.account) && equalBytes(other.asset, fund.asset),
      )
      if (isDouble || (!isOwn && !frame.funds.take(fund.account, fund.asset, fund.amount))) return undefined
      funds.push(fund)
    }
    return funds
  }

  #openAccount(frame: Frame, argument: string): string {
    const label = Number(argument)
    if (!Number.isSafeInteger(label) || label < 0 || label > labelMax) throw new QuestionError('not a label')
    const account = contractAccountIdOf(frame.contract, label)
    if (this.#call.state.account(account) !== undefined) return done + toHex(account)
    this.#written(accountBytes)
    openContractAccount(this.#scope, frame.contract, frame.record.member, label)
    return done + toHex(account)
  }

  #about(fields: JsonFields): string {
    const { state } = this.#call
    const id = fields.id<Uint8Array>('id')
    switch (fields.text('kind')) {
      case 'member': {
        const record = state.member(id as MemberId)
        return record === undefined
          ? nothing
          : done + JSON.stringify({ identifier: record.identifier, name: record.name, roles: record.roles })
      }
      case 'account': {
        const record = state.account(id as AccountId)
        return record === undefined
          ? nothing
          : done + JSON.stringify({ member: toHex(record.member), kind: record.accountKind, status: record.status })
      }
      case 'asset': {
        const record = state.asset(id as AssetId)
        if (record === undefined) return nothing
        const { code, decimals, issuer, status } = record
        return done + JSON.stringify({ code, decimals, issuer: toHex(issuer), status })
      }
      default:
        throw new QuestionError('kind is neither member, account nor asset')
    }
  }

  /** Questions that change something are answered in actions alone, which have a scope. */
  get #scope(): ActionScope {
    return this.#call.scope!
  }

  #written(bytes: number): void {
    if (!this.#call.countWritten(bytes)) throw new HostLimit('writtenBytes')
  }
}

/** Where a row of the call's contract is: most rows are read and then written, and a hash is dear. */
function placeOf({ storage, places }: Frame, key: string): RowKey {
  const known = places.get(key)
  if (known !== undefined) return known
  const place = rowKey(storage, key)
  places.set(key, place)
  return place
}

function rowKey(storage: Uint8Array, key: string): RowKey {
  if (byteLength(key) > rowKeyBytesMax) throw new QuestionError('a key is longer than 256 bytes')
  return { kind: 'contract-row', storage, key: rowKeyHashOf(key) }
}

function fuelFor(fields: JsonFields, meter: CallMeter): bigint {
  const wanted = fields.optionalCount('fuel')
  return wanted === undefined || BigInt(wanted) > meter.fuelLeft ? meter.fuelLeft : BigInt(wanted)
}

/** Opens an account that only the contract moves; label 0 is its first, above the others. */
export function openContractAccount(
  scope: ActionScope,
  contract: ContractId,
  member: MemberId,
  label: number,
): AccountId {
  const account = contractAccountIdOf(contract, label)
  scope.create<'account'>(
    { kind: 'account', account },
    {
      member,
      accountKind: 'contract',
      parent: label === 0 ? undefined : contractAccountIdOf(contract, 0),
      policy: contractPolicy,
      status: 'active',
      openPositions: 0,
      nextTicket: 0,
      commitment: undefined,
    },
    member,
  )
  return account
}
