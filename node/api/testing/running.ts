import { onTestFinished } from 'vitest'
import { type ApiSettings, createApi } from '../create-api.ts'
import { FakePort } from './fake-port.ts'

/** An API on a free port of the loopback interface, closed at the end of the test. */
export async function runningApi(settings: ApiSettings = {}, port = new FakePort()) {
  const faults: unknown[] = []
  const api = await createApi(port, { onFault: ({ error }) => faults.push(error), ...settings })
  const url = await api.listen()
  onTestFinished(() => api.close())
  return { url, port, api, faults }
}

/** A request over a real socket. */
export async function ask(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init)
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  const body: unknown = isJson ? JSON.parse(text) : text
  return { status: response.status, headers: response.headers, text, body }
}

export const postJson = (value: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

export const postBytes = (bytes: Uint8Array<ArrayBuffer>, accept = 'application/json'): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/octet-stream', accept },
  body: bytes,
})
