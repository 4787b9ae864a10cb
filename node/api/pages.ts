import { toHex } from '@tallystick/core/codec'
import { type ApiErrorCode, apiErrorRow, apiErrors } from './errors.ts'
import type { NodeStatus } from './port.ts'

/** Text as HTML shows it. */
function htmlOf(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${htmlOf(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}code{font-size:.9em}</style>
</head><body>
<h1>${htmlOf(title)}</h1>
${body}
</body></html>
`
}

const links: readonly (readonly [path: string, text: string])[] = [
  ['/v1/status', 'status of this node'],
  ['/v1/blocks', 'blocks'],
  ['/v1/accounts', 'accounts'],
  ['/v1/assets', 'assets'],
  ['/v1/members', 'members'],
  ['/v1/contracts', 'contracts'],
  ['/v1/genesis', 'genesis file'],
  ['/v1/events', 'events as they happen'],
  ['/openapi.json', 'OpenAPI 3.1 description of all paths'],
  ['/errors', 'error codes, and what to do about each'],
  ['/metrics', 'measurements'],
]

/** What a person sees who opens the node's address in a browser. */
export function startPage(status: NodeStatus): string {
  const { heights } = status
  const items = links.map(([path, text]) => `<li><a href="${path}"><code>${path}</code></a> ${text}</li>`)
  return page(
    `Tallystick node ${status.name}`,
    `<p>A ${status.role} of ledger <code>${toHex(status.ledger)}</code>, version ${htmlOf(status.version)}.
Blocks final: ${heights.final}, executed: ${heights.executed}, proven: ${heights.proven}.</p>
<ul>
${items.join('\n')}
</ul>`,
  )
}

/** Where the `type` of every problem leads. */
export function errorsPage(): string {
  const rows = (Object.keys(apiErrors) as ApiErrorCode[]).map((code) => {
    const { httpStatus, summary, action } = apiErrorRow(code)
    return `<dt id="${code.toLowerCase()}"><code>${code}</code> (${httpStatus})</dt><dd>${htmlOf(summary)} ${htmlOf(action)}</dd>`
  })
  return page('Error codes', `<dl>\n${rows.join('\n')}\n</dl>`)
}
