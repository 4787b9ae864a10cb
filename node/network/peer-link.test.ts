import { expect, onTestFinished, test } from 'vitest'
import { defaultLimits } from './limits.ts'
import { type LinkConnection, PeerLink } from './peer-link.ts'

const channel = { name: 'consensus', messageBytesMax: 100, queueBytesMax: 250 }

/** One end of a link, and what it told its owner. */
function endOf(smaller: boolean) {
  const told: string[] = []
  const link: PeerLink = new PeerLink(channel, smaller, defaultLimits, {
    message: () => {},
    state: (state, reason) => told.push(`${state} ${reason}`.trim()),
    dial: () => new Promise(() => {}),
    dialDelayMs: () => 0,
  })
  onTestFinished(() => link.stop())
  const connect = (name: string, dialled: boolean) => {
    const connection: LinkConnection & { name: string; sent: string[]; reason: string | undefined } = {
      name,
      dialled,
      sent: [],
      reason: undefined,
      bytesIn: 0,
      bytesOut: 0,
      queuedBytes: 0,
      heldBack: 0,
      send: (kind) => void connection.sent.push(kind),
      sendAlive: () => void connection.sent.push('alive'),
      close(reason) {
        connection.reason = reason
        link.lost(connection, reason)
      },
      pause: () => void connection.sent.push('(pause)'),
      resume: () => {},
      beat: () => {},
    }
    return connection
  }
  return { link, told, connect }
}

test.each([
  ['the smaller key, whose own connection comes first', true, true],
  ['the smaller key, whose own connection comes last', true, false],
  ['the larger key, whose own connection comes first', false, true],
  ['the larger key, whose own connection comes last', false, false],
])('of two connections each side keeps the one that the smaller key dialled: %s', (_name, smaller, ownFirst) => {
  const { link, connect } = endOf(smaller)
  const own = connect('own', true)
  const theirs = connect('theirs', false)
  const kept = smaller ? own : theirs
  const order = ownFirst ? [own, theirs] : [theirs, own]
  const adopted = order.map((connection) => link.adopt(connection))
  link.send(new Uint8Array(1))
  expect(kept.sent).toContain('message')
  expect(kept.reason).toBeUndefined()
  // The other one was never taken, or was closed for the better one.
  const other = kept === own ? theirs : own
  expect(adopted[order.indexOf(other)] ? other.reason : 'not taken').toMatch(/NETWORK_DUPLICATE|not taken/)
})

test('a connection that stands in the way of another is tried, since the peer may have lost it', () => {
  const { link, connect } = endOf(true)
  const own = connect('own', true)
  link.adopt(own)
  expect(link.adopt(connect('theirs', false))).toBe(false)
  expect(own.sent).toEqual(['alive'])
})

test('a replacement is told as a disconnection and a connection', () => {
  const { link, told, connect } = endOf(false)
  for (const name of ['older', 'newer']) {
    link.adopt(connect(name, false))
    link.announce()
  }
  expect(told).toEqual(['connected', 'disconnected NETWORK_DUPLICATE', 'connected'])
})

test('a pause holds for the connection that comes next', () => {
  const { link, connect } = endOf(false)
  link.pause()
  const connection = connect('first', false)
  link.adopt(connection)
  expect(connection.sent).toEqual(['(pause)'])
})

test('nothing is adopted after the stop', () => {
  const { link, connect } = endOf(false)
  link.stop()
  expect(link.adopt(connect('late', false))).toBe(false)
})
