import { expect, test } from 'vitest'
import { authorBytesMax, peerArrivingBytesMax } from './limits.ts'
import { PeerFlow } from './peer-flow.ts'

function flowOf(): { flow: PeerFlow; calls: string[] } {
  const calls: string[] = []
  const network = {
    pause: (peer: number) => calls.push(`pause ${peer}`),
    resume: (peer: number) => calls.push(`resume ${peer}`),
  }
  return { flow: new PeerFlow(network), calls }
}

test('a peer is read while no more of it arrives than the limit, and again at half of it', () => {
  const { flow, calls } = flowOf()
  const half = peerArrivingBytesMax / 2
  flow.arrived(1, half)
  flow.arrived(1, half)
  flow.arrived(2, half)
  expect(calls).toEqual([])
  flow.arrived(1, 1)
  flow.arrived(1, half)
  expect(calls).toEqual(['pause 1'])
  flow.settled(1, half)
  flow.settled(1, half)
  expect(calls).toEqual(['pause 1'])
  flow.settled(1, 1)
  expect(calls).toEqual(['pause 1', 'resume 1'])
})

test('behavior: one reason to pause does not end the other', () => {
  const { flow, calls } = flowOf()
  flow.unordered(1, authorBytesMax + 1)
  flow.arrived(1, peerArrivingBytesMax + 1)
  flow.settled(1, peerArrivingBytesMax + 1)
  expect(calls).toEqual(['pause 1'])
  flow.unordered(1, authorBytesMax)
  expect(calls).toEqual(['pause 1'])
  flow.unordered(1, authorBytesMax / 2)
  expect(calls).toEqual(['pause 1', 'resume 1'])
})
