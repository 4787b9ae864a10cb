import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { RouteOptions } from 'fastify'
import { problemMediaType, problemSchema } from './problem.ts'

/** The API's own version: a path that changes its meaning gets another prefix. */
const apiVersion = '1.0.0'

export const openApiSettings: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Tallystick node',
      version: apiVersion,
      description:
        'Submit transactions, follow them, and read the ledger with proofs. Answers without a proof are one ' +
        "node's word. Amounts are decimal texts of minor units, bytes are lower-case hexadecimal, times are Unix " +
        'milliseconds. Failures are problem documents (RFC 9457) with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // Paths are relative to wherever the document was read.
    servers: [{ url: '/' }],
    tags: [
      'transactions',
      'receipts',
      'accounts',
      'assets',
      'members',
      'references',
      'contracts',
      'state',
      'blocks',
      'events',
      'node',
    ].map((name) => ({ name })),
  },
}

/** Every documented route may answer with a problem. */
export function withProblems(route: RouteOptions): void {
  const { schema } = route
  if (schema === undefined || schema.hide === true) return
  schema.response = {
    ...(schema.response as object),
    default: { description: 'A problem.', content: { [problemMediaType]: { schema: problemSchema } } },
  }
}
