import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { identityOf, isRunning, signalProcess } from './process-identity.ts'

it('a process is known while it runs, and never mistaken for another with its number', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  await once(child, 'spawn')
  const identity = identityOf(child.pid!)!
  expect(isRunning(identity)).toBe(true)
  const recycled = { ...identity, startTicks: String(Number(identity.startTicks) - 1) }
  expect(isRunning(recycled)).toBe(false)
  signalProcess(recycled, 'SIGKILL')
  expect(isRunning(identity)).toBe(true)
  expect(isRunning({ ...identity, bootId: 'another' })).toBe(false)
  signalProcess(identity, 'SIGKILL')
  await once(child, 'exit')
  expect(isRunning(identity)).toBe(false)
})
