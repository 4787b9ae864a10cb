import { ClientError, type Problem } from '../errors.ts'
import { Fields, malformed } from '../wire/fields.ts'

export const octets = 'application/octet-stream'

export interface NodeRequest {
  /** Path and query. */
  readonly path: string
  readonly post?: { readonly json: unknown } | { readonly bytes: Uint8Array<ArrayBuffer> }
  readonly accept?: string
  /** Made anew for each try, such as a signature that does not last. */
  readonly headers?: () => Promise<Readonly<Record<string, string>>>
  /** For the whole answer. */
  readonly timeoutMs: number
  readonly answerBytesMax: number
  readonly signal?: AbortSignal | undefined
}

/** One request to one node, bounded in time and size. @throws {ClientError} */
export async function requestBytes(fetcher: typeof fetch, node: string, request: NodeRequest): Promise<Uint8Array> {
  const time = AbortSignal.timeout(request.timeoutMs)
  const signal = request.signal === undefined ? time : AbortSignal.any([time, request.signal])
  try {
    const init = initOf(request, await request.headers?.())
    const response = await fetcher(node + request.path, { ...init, signal, redirect: 'error' })
    const bytes = await boundedBytes(response, request.answerBytesMax)
    if (!response.ok) throw refusal(response, bytes)
    return bytes
  } catch (error) {
    throw located(error, node, request, time)
  }
}

export async function requestJson(fetcher: typeof fetch, node: string, request: NodeRequest): Promise<unknown> {
  return parseJson(await requestBytes(fetcher, node, request))
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new ClientError('CLIENT_ANSWER_MALFORMED', { detail: 'It is not JSON.', cause })
  }
}

function initOf(
  { post, accept = 'application/json' }: NodeRequest,
  more?: Readonly<Record<string, string>>,
): RequestInit {
  const headers = { accept, ...more }
  if (post === undefined) return { headers }
  if ('bytes' in post) return { method: 'POST', headers: { ...headers, 'content-type': octets }, body: post.bytes }
  return {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(post.json),
  }
}

export async function boundedBytes(response: Response, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  if (response.body === null) return new Uint8Array(0)
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > bytesMax) {
      await reader.cancel()
      throw new ClientError('CLIENT_ANSWER_TOO_LARGE', { detail: `More than ${bytesMax} bytes.` })
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** The error of an answer that is a problem document. */
export function refusal(response: Response, bytes: Uint8Array): ClientError {
  return refusalOf(problemOf(parseJson(bytes)), retryAfterOf(response))
}

export function refusalOf(problem: Problem, retryAfterMs?: number): ClientError {
  const fields = { detail: `${problem.code}: ${problem.detail}`, problem, retryAfterMs }
  if (problem.code === 'API_PROOF_PENDING') return new ClientError('CLIENT_NOT_PROVEN_YET', fields)
  if (problem.code === 'API_VIEW_FAILED') return new ClientError('CLIENT_VIEW_FAILED', fields)
  if (problem.code === 'API_VIEW_INPUT_INVALID') return new ClientError('CLIENT_INPUT_INVALID', fields)
  if (problem.code === 'API_CURSOR_GONE') return new ClientError('CLIENT_CURSOR_GONE', fields)
  if (problem.status === 404 && problem.code.endsWith('_UNKNOWN') && problem.code !== 'API_ROUTE_UNKNOWN') {
    return new ClientError('CLIENT_NOT_FOUND', fields)
  }
  return new ClientError('CLIENT_REFUSED', fields)
}

export function problemOf(json: unknown): Problem {
  const fields = new Fields(json, '')
  const code = fields.text('code')
  if (!/^[A-Z][A-Z0-9_]{2,63}$/.test(code)) throw malformed('code', 'a code is wanted')
  const failure = fields.optional('failure', (all) => {
    const told = all.object('failure')
    return { code: told.text('code'), message: told.text('message') }
  })
  const shown = { status: fields.integer('status'), detail: fields.text('detail'), action: fields.text('action') }
  return { ...shown, code, ...(failure !== undefined && { failure }) }
}

/** Seconds only: the other form, a date, is not what nodes send. */
function retryAfterOf(response: Response): number | undefined {
  const text = response.headers.get('retry-after')
  return text !== null && /^[0-9]{1,6}$/.test(text) ? Number(text) * 1_000 : undefined
}

/** Whatever fails on the way, as one of the client's errors that names the node. */
function located(error: unknown, node: string, request: NodeRequest, time: AbortSignal): ClientError {
  if (request.signal?.aborted) return new ClientError('CLIENT_ABORTED', { node })
  if (error instanceof ClientError) return withNode(error, node)
  if (time.aborted) return new ClientError('CLIENT_NODE_TIMEOUT', { node, detail: `${node}: ${request.timeoutMs} ms.` })
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
  return new ClientError('CLIENT_NODE_UNREACHABLE', { node, detail: `${node}: ${reason}.`, cause: error })
}

export function withNode(error: ClientError, node: string): ClientError {
  if (error.node !== undefined) return error
  const { detail, link, problem, attempts, retryAfterMs, cause } = error
  return new ClientError(error.code, { detail, link, problem, attempts, retryAfterMs, cause, node })
}
