// Runs an escrow's life on whichever Node runs this file, with what is compiled, and prints everything that must be the same on every
// node: fuel of each call, events, the state's root after every step.
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { buildContract, evaluateManifest } from '../../contract-kit/dist/build/index.js'
import { LocalLedger } from '../../contract-kit/dist/local/index.js'

const dayMs = 86_400_000
const built = await buildContract(fileURLToPath(new URL('../escrow/contract.ts', import.meta.url)))
const { manifest } = evaluateManifest(built)
const ledger = LocalLedger.create({ run: 'machine' })
const [buyer, seller, arbiter] = ['buyer', 'seller', 'arbiter'].map((name) => ledger.account(name))
const euro = ledger.asset('EUR')
const wood = ledger.asset('WOOD', { decimals: 0 })
ledger.issue(euro, buyer, 1_000_000n)
ledger.issue(wood, seller, 500n)
const escrow = ledger.deployBuilt({ manifest, dispatch: () => '' }, built)

const steps = []
const note = (what) => {
  const root = Buffer.from(ledger.kernel.stateRoot).toString('hex')
  steps.push({ what, fuel: escrow.lastFuel, prepaid: escrow.prepaidSteps, root })
}
const call = (name, input, terms) => {
  try {
    escrow.call(name, input, terms)
    note(name)
  } catch (error) {
    note(`${name}: ${error.code} ${error.message}`)
  }
}
note('deployed')
for (let i = 0; i < 5; i++) {
  const price = { asset: euro, amount: BigInt(10_000 * (i + 1)) }
  const goods = i % 2 === 0 ? { goods: { asset: wood, amount: BigInt(10 * (i + 1)) } } : {}
  const terms = {
    id: `order ${i} é𝄞`,
    buyer,
    seller,
    arbiter,
    price,
    ...goods,
    deadlineMs: ledger.now + (i + 10) * dayMs,
  }
  call('open', terms, { as: buyer, funds: [{ account: buyer, ...price }] })
  call('open', terms, { as: buyer, funds: [{ account: buyer, ...price }] })
}
call('release', { id: 'order 1 é𝄞', by: buyer, amount: 7_777n }, { as: buyer })
call('release', { id: 'order 1 é𝄞', by: buyer, amount: 70_000n }, { as: buyer })
call('deliver', { id: 'order 0 é𝄞' }, { as: seller, funds: [{ account: seller, asset: wood, amount: 10n }] })
call('refund', { id: 'order 2 é𝄞', by: arbiter }, { as: arbiter })
ledger.advance({ days: 12 })
note('12 days')
ledger.advance({ days: 12 })
note('24 days')
process.stdout.write(JSON.stringify({ steps, events: ledger.events }))
