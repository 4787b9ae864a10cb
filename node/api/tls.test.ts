import { request } from 'node:https'
import { expect, test } from 'vitest'
import { createIdentity } from '../network/certificate.ts'
import { runningApi } from './testing/running.ts'

function statusOver(url: string, options: object): Promise<{ status: number | undefined; protocol: string | null }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/healthz`, { agent: false, ...options }, (response) => {
      const { socket } = response as unknown as { socket: { getProtocol(): string | null } }
      resolve({ status: response.statusCode, protocol: socket.getProtocol() })
      response.resume()
    })
    asked.on('error', reject)
    asked.end()
  })
}

test('by configuration the API speaks TLS 1.3, and nothing older', async () => {
  const { certificate, privateKey } = createIdentity(new Uint8Array(32).fill(5))
  const tls = { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
  const trusting = { ca: certificate, checkServerIdentity: () => undefined }
  const { url } = await runningApi({ tls })
  expect(url).toMatch(/^https:/)
  expect(await statusOver(url, trusting)).toEqual({ status: 200, protocol: 'TLSv1.3' })
  await expect(statusOver(url, { ...trusting, maxVersion: 'TLSv1.2' })).rejects.toThrow()
  await expect(statusOver(url, {})).rejects.toThrow(/self-signed/)
})
