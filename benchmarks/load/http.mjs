import { Agent, request } from 'node:http'

const requestTimeoutMs = 70_000
const closedCodes = ['ECONNRESET', 'EPIPE']

/** Requests to one node over connections that are kept open. */
export class NodeApi {
  #agent
  #url

  constructor(url, connectionsMax = 64) {
    this.#url = new URL(url)
    this.#agent = new Agent({ keepAlive: true, maxSockets: connectionsMax, noDelay: true })
  }

  get url() {
    return this.#url.origin
  }

  /** @returns { status, retryAfterMs, text }; rejects only if there is no answer. */
  send(method, path, body, contentType) {
    const headers = body === undefined ? {} : { 'content-type': contentType, 'content-length': body.length }
    const { hostname, port } = this.#url
    return new Promise((resolve, reject) => {
      const options = { hostname, port, method, path, headers, agent: this.#agent, timeout: requestTimeoutMs }
      const sent = request(options, (answer) => {
        const parts = []
        answer.on('data', (part) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({
            status: answer.statusCode,
            retryAfterMs: 1_000 * Number(answer.headers['retry-after'] ?? 1),
            text: Buffer.concat(parts).toString('utf8'),
          }),
        )
      })
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in ${requestTimeoutMs} ms`)))
      sent.on('error', (error) => {
        // The node closed a kept connection that was idle for long; every request here is safe to repeat.
        if (sent.reusedSocket && closedCodes.includes(error.code)) {
          resolve(this.send(method, path, body, contentType))
        } else reject(error)
      })
      sent.end(body)
    })
  }

  async get(path) {
    const { status, text } = await this.send('GET', path)
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${text.slice(0, 500)}`)
    return text
  }

  async getJson(path) {
    return JSON.parse(await this.get(path))
  }

  async postJson(path, json) {
    const { status, text } = await this.send('POST', path, Buffer.from(JSON.stringify(json)), 'application/json')
    if (status !== 200) throw new Error(`POST ${path}: ${status} ${text.slice(0, 500)}`)
    return JSON.parse(text)
  }

  /** Statuses of hexadecimal ids. @param wait - A stage to wait for, if any. */
  async statuses(ids, wait, timeoutMs) {
    const { statuses } = await this.postJson('/v1/transactions/statuses', { ids, ...(wait && { wait, timeoutMs }) })
    return statuses
  }

  close() {
    this.#agent.destroy()
  }
}
