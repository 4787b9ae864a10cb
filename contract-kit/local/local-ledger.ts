import { fromHex, sortByEncoding, toHex } from '@tallystick/core/codec'
import { type BlockNote, type ExecutedReceipt, Ledger } from '@tallystick/core/ledger'
import {
  type AccountId,
  type Action,
  type AssetId,
  type Authorizer,
  accountIdOf,
  assetIdOf,
  authorizer,
  type Block,
  blockHashOf,
  type ContractId,
  contractIdOf,
  defaultParameters,
  type Genesis,
  type GenesisMember,
  keyIdentity,
  type MemberId,
  memberIdOf,
  type Parameters,
  payloadRootOf,
  requiredLimits,
  type TransactionBody,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { type BuiltContract, buildContract, mapStack } from '../build/index.ts'
import type { Manifest } from '../contract/manifest.ts'
import { type Duration, durationMs } from './duration.ts'
import { ContractCallError, LocalLedgerError } from './errors.ts'
import { hashOfName, policyOf, signatureOf } from './keys.ts'
import { LocalContract, type LocalEvent } from './local-contract.ts'
import { Profile } from './profile/profile.ts'
import { ProfilingRunner } from './profile/profiling-runner.ts'
import { type Dispatcher, machineRunner, NativeRunner } from './runners.ts'

/**
 * How contracts run: in the network's machine; as modules of this process, so that a debugger stops in them; or in the machine with
 * every line counted (`profile`).
 */
export type RunMode = 'machine' | 'native' | 'profile'

export interface LocalLedgerOptions {
  /** `machine` if not said, or what the environment variable TALLYSTICK_CONTRACTS says. */
  readonly run?: RunMode
  /** Unix milliseconds of its beginning. */
  readonly startMs?: number
  readonly parameters?: Parameters
}

export interface DeployOptions {
  /** The contract's name on the ledger; its own if not said. */
  readonly as?: string
  readonly prepaidSteps?: number
}

/** Any contract of the kit, as its module exports it. */
export interface AnyContract extends Dispatcher {
  readonly manifest: Manifest
}

/** Whoever can sign for a call on a local ledger. */
export type LocalSigner = Extract<Authorizer, { readonly kind: 'account' | 'member' }>

const startDefaultMs = Date.UTC(2026, 0, 5, 9)
const blockMs = 1_000
const publisher = 'publisher'
const issuer = 'issuer'
const customers = 'customers'
const unlimited = { stepsPerBlock: Number.MAX_SAFE_INTEGER, writtenBytesPerBlock: Number.MAX_SAFE_INTEGER }
/** Blocks that `advance` makes at most: a cadence of a minute over two years. */
const blocksPerAdvanceMax = 1_500_000
const evaluationFuel = 20_000_000
const prepaidDefault = 1_000_000_000

const builds = new Map<string, Promise<BuiltContract>>()

/**
 * A whole ledger in this process, with the kernel, the machine and the limits of a network; only consensus and signatures are not
 * there. Time stands until a call or `advance` moves it.
 */
export class LocalLedger {
  readonly #ledger: Ledger
  readonly #genesis: Genesis
  readonly #native: NativeRunner | undefined
  readonly #profiling: ProfilingRunner | undefined
  readonly #keyOfAccount = new Map<string, { readonly key: string; readonly member: string }>()
  readonly #contracts = new Map<string, LocalContract<AnyContract>>()
  readonly #builds = new Map<string, BuiltContract>()
  #header: Block['header']
  #nonce = 0
  /** Everything that contracts told, oldest first. */
  readonly events: LocalEvent[] = []

  private constructor({ run, startMs = startDefaultMs, parameters = defaultParameters }: LocalLedgerOptions) {
    const mode = run ?? modeOfEnvironment()
    this.#native = mode === 'native' ? new NativeRunner() : undefined
    this.#profiling = mode === 'profile' ? new ProfilingRunner(machineRunner(), processProfile()) : undefined
    this.#genesis = genesisOf(startMs, parameters)
    const { ledger, header } = Ledger.fromGenesis(this.#genesis, this.#native ?? this.#profiling ?? machineRunner())
    this.#ledger = ledger
    this.#header = header
  }

  static create(options: LocalLedgerOptions = {}): LocalLedger {
    return new LocalLedger(options)
  }

  /** Time of the last block, Unix milliseconds. */
  get now(): number {
    return this.#header.timeMs
  }

  get height(): number {
    return this.#header.height
  }

  /** The id of a member; every ledger has `publisher`, `issuer` and `customers`. */
  member(name: string): string {
    return toHex(memberIdOf(name))
  }

  /** The account of that name, opened when it is first asked for. */
  account(name: string): string {
    const policy = policyOf(name)
    const salt = hashOfName(`salt of ${name}`)
    const account = toHex(accountIdOf(memberIdOf(customers), policy, salt))
    if (!this.#keyOfAccount.has(account)) {
      this.#keyOfAccount.set(account, { key: name, member: customers })
      this.#open(name, customers, 'customer')
    }
    return account
  }

  /** The asset of that code, created when it is first asked for. */
  asset(code: string, { decimals = 2 }: { readonly decimals?: number } = {}): string {
    const id = assetIdOf(memberIdOf(issuer), code)
    if (this.#ledger.get<'asset'>({ kind: 'asset', asset: id }) === undefined) {
      const issuanceAccount = this.#open(`issuance of ${code}`, issuer, 'issuance')
      const terms = { name: code, assetKind: 'fungible', decimals, issuanceAccount, supplyMax: undefined } as const
      this.#do({ kind: 'create-asset', issuer: memberIdOf(issuer), code, ...terms }, [byMember(issuer)])
    }
    return toHex(id)
  }

  /** Gives an account some of an asset. */
  issue(asset: string, account: string, amount: bigint): void {
    const action = {
      asset: fromHex(asset) as AssetId,
      credit: fromHex(account) as AccountId,
      amount,
      ...withoutReference,
    }
    this.#do({ kind: 'issue', ...action }, [byMember(issuer)])
  }

  transfer({ from, to, asset, amount }: { from: string; to: string; asset: string; amount: bigint }): void {
    const signer = this.signerOf(from)
    const accounts = { debit: fromHex(from) as AccountId, credit: fromHex(to) as AccountId }
    this.#do({ kind: 'transfer', ...accounts, asset: fromHex(asset) as AssetId, amount, ...withoutReference }, [signer])
  }

  /** Posted, in the asset's smallest unit. */
  balance(account: string, asset: string): bigint {
    const key = { kind: 'position', account: fromHex(account) as AccountId, asset: fromHex(asset) as AssetId } as const
    const position = this.#ledger.get<'position'>(key)
    return position === undefined ? 0n : position.creditsPosted - position.debitsPosted
  }

  /**
   * Builds a contract as `tallystick contract build` does, and deploys it.
   * @param contract - The module's `contract`; it gives the types, and runs itself in native mode.
   * @param entry - The module's file, as a URL or a path.
   * @throws {BuildError}, {ContractCallError}
   */
  async deploy<C extends AnyContract>(
    contract: C,
    entry: URL | string,
    options: DeployOptions = {},
  ): Promise<LocalContract<C>> {
    const path = typeof entry === 'string' ? entry : decodeURIComponent(entry.pathname)
    let build = builds.get(path)
    if (build === undefined) {
      build = buildContract(path)
      builds.set(path, build)
    }
    return this.deployBuilt(contract, await build, options)
  }

  /** Deploys what was built before. @throws {ContractCallError} */
  deployBuilt<C extends AnyContract>(contract: C, built: BuiltContract, options: DeployOptions = {}): LocalContract<C> {
    const { as: name = contract.manifest.name, prepaidSteps = prepaidDefault } = options
    this.#register(contract, built)
    const id = contractIdOf(memberIdOf(publisher), name)
    this.#builds.set(toHex(id), built)
    const code = { vmVersion: this.#genesis.parameters.contracts.vmVersion, fuel: evaluationFuel, ...built }
    this.#do({ kind: 'contract-deploy', member: memberIdOf(publisher), name, ...code, prepaidSteps }, [
      byMember(publisher),
    ])
    const deployed = new LocalContract<C>(this, contract, id)
    this.#contracts.set(toHex(id), deployed as unknown as LocalContract<AnyContract>)
    return deployed
  }

  /** Gives a contract another version; a migration runs in the blocks that follow, so `advance` after it. */
  async upgrade<C extends AnyContract>(
    deployed: LocalContract<AnyContract>,
    contract: C,
    entry: URL | string,
  ): Promise<LocalContract<C>> {
    const built = await buildContract(typeof entry === 'string' ? entry : decodeURIComponent(entry.pathname))
    this.#register(contract, built)
    this.#builds.set(deployed.id, built)
    const code = { vmVersion: this.#genesis.parameters.contracts.vmVersion, fuel: evaluationFuel, ...built }
    this.#do({ kind: 'contract-upgrade', contract: fromHex(deployed.id) as ContractId, ...code }, [byMember(publisher)])
    const next = new LocalContract<C>(this, contract, fromHex(deployed.id) as ContractId)
    this.#contracts.set(deployed.id, next as unknown as LocalContract<AnyContract>)
    return next
  }

  /**
   * Lets time pass: makes a block at every moment when something is due, and one at the end.
   * @returns the receipts of what the ledger did by itself.
   */
  advance(duration: Duration): ExecutedReceipt[] {
    const endMs = this.now + durationMs(duration)
    const receipts: ExecutedReceipt[] = []
    for (let blocks = 0; ; blocks++) {
      if (blocks === blocksPerAdvanceMax)
        throw new RangeError(`more than ${blocksPerAdvanceMax} blocks: is there a loop?`)
      const { nextDueMs } = this.#ledger
      if (nextDueMs === undefined || nextDueMs > endMs) break
      receipts.push(...this.#block([], Math.max(nextDueMs, this.now)))
    }
    if (this.now < endMs) receipts.push(...this.#block([], endMs))
    return receipts
  }

  /** Executes one action in a block of its own, a second after the last. @throws {ContractCallError} if it is not done. */
  execute(action: Action, as: readonly string[] = []): ExecutedReceipt {
    return this.#do(
      action,
      as.map((id) => this.signerOf(id)),
    )
  }

  /**
   * An account that `account` opened, or a member; of their keys alone there are signatures.
   * @throws {LocalLedgerError} LOCAL_SIGNER_UNKNOWN
   */
  signerOf(id: string): LocalSigner {
    if (this.#keyOfAccount.has(id)) return { kind: 'account', account: fromHex(id) as AccountId }
    const member = this.#genesis.members
      .map(({ identifier }) => memberIdOf(identifier))
      .find((each) => toHex(each) === id)
    if (member !== undefined) return { kind: 'member', member }
    throw new LocalLedgerError('LOCAL_SIGNER_UNKNOWN', this.#whyNoSigner(id))
  }

  /** The ledger itself, for what this class has no name for. */
  get kernel(): Ledger {
    return this.#ledger
  }

  #register(contract: Dispatcher, { script, sourceMap }: BuiltContract): void {
    this.#native?.register(script, contract)
    this.#profiling?.register(script, sourceMap)
  }

  #whyNoSigner(id: string): string {
    if (!/^[0-9a-f]{64}$/.test(id)) {
      const name = JSON.stringify(id)
      return `${name} is no id: give ledger.account(${name}), or ledger.member(${name})`
    }
    const account = { kind: 'account', account: fromHex(id) as AccountId } as const
    if (this.#ledger.get<'account'>(account) !== undefined) return `the account ${id} has no key: nobody signs for it`
    const members = this.#genesis.members.map(({ identifier }) => identifier).join(', ')
    return `${id} is no account or member of this ledger: give what ledger.account(name) returned, or ledger.member(name) of ${members}`
  }

  #open(name: string, member: string, accountKind: 'customer' | 'issuance'): AccountId {
    const policy = policyOf(name)
    const salt = hashOfName(`salt of ${name}`)
    const terms = { accountKind, parent: undefined, policy, salt, commitment: undefined }
    this.#do({ kind: 'open-account', member: memberIdOf(member), ...terms }, [byMember(member)])
    return accountIdOf(memberIdOf(member), policy, salt)
  }

  #do(action: Action, by: readonly Authorizer[]): ExecutedReceipt {
    const authorizers = sortByEncoding(by.length > 0 ? by : [byMember(customers)], authorizer, (value) => value)
    const groups = [{ netted: false, actions: [action] }]
    const body: TransactionBody = {
      version: 1,
      ledger: this.#header.ledger,
      validUntilMs: this.now + 300_000,
      ticket: undefined,
      payer: this.#memberOf(authorizers[0]!),
      limits: requiredLimits({ groups }),
      authorizers,
      nonce: hashOfName(`nonce ${this.#nonce++}`).slice(0, 16),
      groups,
    }
    const signatures = [...new Set(authorizers.map((by) => this.#keyNameOf(by)))].map(signatureOf)
    const witness = sortByEncoding(signatures, keyIdentity, ({ scheme, publicKey }) => ({ scheme, publicKey }))
    const item = { id: transactionIdOf(body), transaction: { body, witness } }
    const notes: BlockNote[] = []
    const receipts = this.#block([item], this.now + blockMs, notes)
    const receipt = receipts.find((each) => each.receipt.position.phase === 'payload')
    if (receipt === undefined) throw new TypeError('the ledger passed the transaction over')
    if (receipt.receipt.result !== 'OK') throw this.#failure(receipt, notes)
    return receipt
  }

  #failure({ receipt, events }: ExecutedReceipt, notes: readonly BlockNote[]): ContractCallError {
    const told = JSON.parse(events.at(-1)?.event.data ?? '{}') as { code?: string; message?: string }
    const note = notes.findLast(({ stack }) => stack !== undefined)
    const code = told.code ?? receipt.result
    return new ContractCallError(
      code,
      receipt.result,
      told.message ?? receipt.result,
      note === undefined ? '' : this.#trace(note),
    )
  }

  #trace({ stack, contract }: BlockNote): string {
    const built = this.#builds.get(toHex(contract))
    if (this.#native !== undefined || built === undefined) return (stack ?? '').split('\n').slice(1).join('\n')
    return mapStack(stack ?? '', built.sourceMap)
  }

  #block(items: BlockItems, timeMs: number, notes: BlockNote[] = []): ExecutedReceipt[] {
    const { stateRoot } = this.#ledger
    const header = {
      ...this.#header,
      height: this.#header.height + 1,
      parent: blockHashOf(this.#header),
      timeMs,
      payloadRoot: payloadRootOf([]),
      executed: { height: this.#header.height, stateRoot, historyRoot: stateRoot },
    }
    const result = this.#ledger.applyBlock(header, items)
    this.#header = header
    notes.push(...result.notes)
    const receipts = result.receipts.filter((receipt) => receipt.kind === 'whole')
    for (const note of result.notes) this.#contracts.get(toHex(note.contract))?.noteCall(note)
    for (const { events } of receipts) {
      for (const { event } of events) {
        const { source, topic, data } = event
        this.events.push({ contract: toHex(source), topic, data: JSON.parse(data), timeMs, height: header.height })
      }
    }
    return receipts
  }

  #keyNameOf(by: Authorizer): string {
    if (by.kind === 'account') return this.#keyOfAccount.get(toHex(by.account))?.key ?? 'nobody'
    if (by.kind === 'validator') return 'nobody'
    return this.#genesis.members.find(({ identifier }) => toHex(memberIdOf(identifier)) === toHex(by.member))!
      .identifier
  }

  #memberOf(by: Authorizer): MemberId {
    if (by.kind === 'member') return by.member
    return memberIdOf(by.kind === 'account' ? this.#keyOfAccount.get(toHex(by.account))!.member : customers)
  }
}

type BlockItems = globalThis.Parameters<Ledger['applyBlock']>[1]

const withoutReference = { reference: undefined, commitment: undefined } as const

function modeOfEnvironment(): RunMode {
  const mode = process.env.TALLYSTICK_CONTRACTS
  return mode === 'native' || mode === 'profile' ? mode : 'machine'
}

let profile: Profile | undefined

/** Of all ledgers of this process; written when it ends to the folder that TALLYSTICK_PROFILE names, if it names one. */
export function processProfile(): Profile {
  if (profile === undefined) {
    const made = new Profile()
    profile = made
    const folder = process.env.TALLYSTICK_PROFILE
    if (folder !== undefined) saveAtEnd(made, folder)
  }
  return profile
}

/** Test runners end their processes in more than one way. */
function saveAtEnd(made: Profile, folder: string): void {
  let saved = false
  const save = (): void => {
    if (!saved) made.save(folder)
    saved = true
  }
  process.on('exit', save)
  process.on('disconnect', save)
  process.once('SIGTERM', () => {
    save()
    process.exit()
  })
}

function byMember(name: string): Authorizer {
  return { kind: 'member', member: memberIdOf(name) }
}

function genesisOf(timeMs: number, parameters: Parameters): Genesis {
  const member = (identifier: string, roles: GenesisMember['roles']): GenesisMember => ({
    identifier,
    name: identifier,
    roles,
    policy: policyOf(identifier),
    quota: unlimited,
  })
  return {
    version: 1,
    network: 'test',
    name: 'local',
    shard: 0,
    timeMs,
    members: [member(publisher, ['publisher']), member(issuer, ['issuer']), member(customers, ['bank'])],
    validators: [
      { member: memberIdOf(publisher), consensusKey: hashOfName('consensus'), nodeKey: hashOfName('node'), stake: 1n },
    ],
    recovery: { threshold: 1, keys: [] },
    parameters,
    seed: hashOfName('seed'),
  }
}
