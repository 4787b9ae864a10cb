/** One row per code: the HTTP status, what happened, what to do. docs/api.md has the same rows, and a test compares them. */
export interface ApiErrorRow {
  readonly httpStatus: number
  readonly summary: string
  readonly action: string
  /** After how many seconds the same request may succeed. */
  readonly retryAfterSeconds?: number
}

const row = (httpStatus: number, summary: string, action: string, retryAfterSeconds?: number): ApiErrorRow =>
  retryAfterSeconds === undefined ? { httpStatus, summary, action } : { httpStatus, summary, action, retryAfterSeconds }

/** Every code that the API answers with. A code never changes its meaning. */
export const apiErrors = {
  API_BAD_HTTP: row(400, 'The bytes are no HTTP request.', 'Use an HTTP client.'),
  API_INVALID_REQUEST: row(400, 'The request does not have the documented form.', 'Correct what `errors` lists.'),
  API_SIGNATURE_MISSING: row(
    401,
    'The request has to be signed, and is not, or not in the documented form.',
    'Sign it as docs/api.md says, or let the client do it.',
  ),
  API_SIGNATURE_INVALID: row(
    401,
    'A signature of the request is wrong, or its time is too far from that of the node.',
    'Sign this path and query, for this ledger, and check the clock.',
  ),
  API_NOT_AUTHOR: row(
    403,
    'Only the member that keeps the contract may read this, by keys that may register for it.',
    'Sign with the keys of that member.',
  ),
  API_BODY_MALFORMED: row(
    400,
    'The body is not JSON, or not the canonical encoding that its media type names.',
    'Correct the body at the named place.',
  ),
  API_ADDRESS_MALFORMED: row(
    400,
    'The account is neither an address nor 64 hexadecimal digits.',
    'Check the address: its checksum finds typing errors.',
  ),
  API_ADDRESS_OF_OTHER_NETWORK: row(
    400,
    'The address belongs to another kind of network (live or test).',
    'Use an address of this network.',
  ),
  API_ROUTE_UNKNOWN: row(404, 'There is no such path.', 'See /openapi.json for the paths.'),
  API_TRANSACTION_UNKNOWN: row(
    404,
    'No final transaction has this id.',
    'Check the id, or wait until the transaction is final.',
  ),
  API_RECEIPT_UNKNOWN: row(404, 'No executed transaction has this id.', 'Check the id, or wait for `executed`.'),
  API_ACCOUNT_UNKNOWN: row(404, 'There is no such account.', 'Check the address, or open the account.'),
  API_ASSET_UNKNOWN: row(404, 'There is no such asset.', 'Check the id; /v1/assets lists them.'),
  API_MEMBER_UNKNOWN: row(404, 'There is no such member.', 'Check the id; /v1/members lists them.'),
  API_BLOCK_UNKNOWN: row(404, 'The block is not final yet, or the node no longer has it.', 'Check the height.'),
  API_CONTRACT_UNKNOWN: row(404, 'There is no such contract.', 'Check the id; /v1/contracts lists them.'),
  API_CODE_UNKNOWN: row(404, 'No code with this hash was published.', 'Check the hash.'),
  API_VIEW_UNKNOWN: row(404, 'The contract has no such view.', 'See its manifest, /v1/contracts/:contract.'),
  API_METHOD_NOT_ALLOWED: row(405, 'The path exists, but not with this method.', 'Use a method of the `allow` header.'),
  API_REQUEST_TIMEOUT: row(408, 'The request did not arrive in time.', 'Send it again, at once as a whole.'),
  API_PROOF_PENDING: row(
    409,
    'It exists, but no certified header covers it yet.',
    'Wait until it is proven (`wait=proven`), and ask again.',
    1,
  ),
  API_CURSOR_GONE: row(410, 'The node no longer has events that old.', 'Read the state, and follow from now.'),
  API_BODY_TOO_LARGE: row(413, 'The body is larger than the node accepts.', 'Send less at once.'),
  API_MEDIA_TYPE_UNSUPPORTED: row(
    415,
    'The path does not take this media type.',
    'Send application/json, or application/octet-stream where documented.',
  ),
  API_VIEW_INPUT_INVALID: row(
    422,
    "The input does not have the form that the contract's manifest says.",
    'Correct what `errors` lists.',
  ),
  API_VIEW_FAILED: row(
    422,
    'The view failed, or refused; `failure` has its code and message.',
    'Do what the message says; ask the author of the contract.',
  ),
  API_HOST_NOT_ALLOWED: row(
    421,
    'The Host header names a host that this node does not serve.',
    "Use the node's address, or let its operator add the name to the allowed hosts.",
  ),
  API_RATE_LIMITED: row(429, 'Too many requests of this address.', 'Wait as `retry-after` says.', 1),
  API_TOO_MANY_CONNECTIONS: row(
    429,
    'Too many connections are open, of this address or of all.',
    'Use one connection for many requests, close those that are idle, and try later.',
    1,
  ),
  API_TOO_MANY_STREAMS: row(
    429,
    'Too many event streams are open, of this address or of all.',
    'Close one, or try later.',
    10,
  ),
  API_TOO_MANY_WAITS: row(429, 'Too many transactions are being waited for.', 'Ask without `wait`, or try later.', 2),
  API_TOO_MANY_VIEWS: row(
    429,
    'Too many calls of views wait, of this address or of all.',
    'Try again a little later.',
    1,
  ),
  MEMPOOL_FULL: row(
    429,
    'More waits to be ordered than becomes final within seconds.',
    'Send it again as `retry-after` says.',
    1,
  ),
  API_HEADERS_TOO_LARGE: row(431, 'The headers are larger than the node accepts.', 'Send fewer headers.'),
  API_BUFFER_FULL: row(
    503,
    'Bodies and answers on their way fill the buffer of the node, and this one had been on its way the longest.',
    'Send the body at once as a whole, or less at once; read answers as they come.',
    1,
  ),
  API_INTERNAL: row(
    500,
    'The node failed at this request.',
    'Ask another node; its operator finds the cause by the request id.',
  ),
  NODE_NOT_READY: row(503, 'The node is starting, stopping or catching up.', 'Ask another node, or try later.', 2),
  NODE_HALTED: row(503, 'The node has stopped taking part, as its status says.', 'Ask another node.'),

  TX_WRONG_LEDGER: row(422, 'The transaction is for another ledger.', 'Build it with the genesis of this network.'),
  TX_EXPIRED: row(422, 'The validity of the transaction has ended.', 'Build and sign it again.'),
  TX_VALIDITY_TOO_FAR: row(
    422,
    'The transaction is valid for longer than ten minutes, and has no ticket.',
    'Choose an earlier end; check the clock.',
  ),
  TX_SIGNATURE_INVALID: row(422, 'A signature of the transaction is wrong.', 'Sign the id of this transaction.'),
  TX_SIGNATURE_MISSING: row(
    422,
    'The signatures do not cover the authorizers, or one is too many.',
    'Sign with the keys of the authorizers, and no others.',
  ),
  TX_LIMITS_TOO_HIGH: row(
    422,
    'The declared limits are above what a block, or the quota of the payer, holds.',
    'Split the transaction.',
  ),
  TX_LIMITS_TOO_LOW: row(
    422,
    'The declared limits are below what the actions need.',
    'Declare the limits that the client computes.',
  ),
  TX_ACTION_NOT_ACTIVE: row(422, 'An action has no meaning in this version of the protocol.', 'Leave it out.'),
  TX_TOO_LARGE: row(422, 'The transaction is larger than the protocol allows.', 'Split it.'),
} as const satisfies Record<string, ApiErrorRow>

export type ApiErrorCode = keyof typeof apiErrors

/** The row of a code, with its optional fields. */
export function apiErrorRow(code: ApiErrorCode): ApiErrorRow {
  return apiErrors[code]
}

/** Thrown by handlers; the answer is the problem document of its code. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  readonly errors: readonly FieldProblem[]
  readonly retryAfterSeconds: number | undefined
  readonly failure: ViewFailure | undefined

  constructor(
    code: ApiErrorCode,
    detail?: string,
    more: { errors?: readonly FieldProblem[]; retryAfterSeconds?: number; failure?: ViewFailure } = {},
  ) {
    super(detail ?? apiErrors[code].summary)
    this.code = code
    this.errors = more.errors ?? []
    this.failure = more.failure
    this.retryAfterSeconds = more.retryAfterSeconds ?? apiErrorRow(code).retryAfterSeconds
  }
}

/** What a contract says of why its view failed. */
export interface ViewFailure {
  readonly code: string
  readonly message: string
}

export interface FieldProblem {
  /** JSON pointer into the part of the request, such as `/query/limit`. */
  readonly pointer: string
  readonly detail: string
}
