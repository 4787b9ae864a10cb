import { runOpen } from './open-run.mjs'

const shares = [0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.25, 1.5, 2, 10]
const sharesQuick = [0.25, 1, 2]

/** Load in steps up to far beyond what the nodes reach: what they take, refuse and prove, and how late. */
export async function measureKnee(bench, reached) {
  const { options, say } = bench
  const steps = []
  for (const share of options.quick ? sharesQuick : shares) {
    const perSecond = Math.max(1, Math.round(reached * share))
    const step = { share, ...(await runOpen(bench, { perSecond, seconds: options.stepSeconds })) }
    say(`load of ${Math.round(share * 100)} %: ${Math.round(step.provenPerSecond)} a second proven`)
    steps.push(step)
  }
  return { reachedPerSecond: reached, steps }
}
