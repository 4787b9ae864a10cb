import { Type } from '@sinclair/typebox'
import { callInputBytesMax, type JsonValue } from '@tallystick/core/protocol'
import { ApiError } from '../errors.ts'
import { contractName, viewAnswer } from '../form/contracts.ts'
import { closed, hex32 } from '../form/primitives.ts'
import { goneSignal } from '../gone-signal.ts'
import type { ViewEnd } from '../port.ts'
import type { Routes } from '../route.ts'
import { contractIdOf } from './contracts.ts'

/** Lists and objects within each other, as in the inputs of actions. */
const levelsMax = 64

export const contractViewRoutes: Routes = (api, { port, options, views }) => {
  api.post(
    '/v1/contracts/:contract/views/:view',
    {
      bodyLimit: callInputBytesMax,
      schema: {
        operationId: 'contractView',
        summary: 'Calls a view of a contract as the state stands now; without proof.',
        description:
          "The body is the view's input. `API_VIEW_FAILED` has the contract's own code and message in `failure`.",
        tags: ['contracts'],
        params: closed({ contract: hex32, view: contractName }),
        body: Type.Unknown({ description: "The input, of the form that the contract's manifest says." }),
        response: { 200: viewAnswer },
      },
    },
    async (request, reply) => {
      const { contract, view } = request.params
      const input = request.body as JsonValue
      if (nestsDeeper(input)) throw new ApiError('API_BODY_MALFORMED', `More than ${levelsMax} levels.`)
      const { viewFuelMax } = options.limits
      const { height, end } = await views.run(request.ip, goneSignal(reply), () =>
        port.contractView(contractIdOf(contract), view, input, viewFuelMax),
      )
      if (end.kind === 'failed') throw viewProblem(end, view)
      return { height, output: end.output === undefined ? null : JSON.parse(end.output) }
    },
  )
}

function viewProblem({ result, told }: Extract<ViewEnd, { kind: 'failed' }>, view: string): ApiError {
  switch (result) {
    case 'CONTRACT_UNKNOWN':
      return new ApiError('API_CONTRACT_UNKNOWN')
    case 'CONTRACT_ACTION_UNKNOWN':
      return new ApiError('API_VIEW_UNKNOWN', `There is no view "${view}".`)
    case 'CONTRACT_INPUT_INVALID':
      return new ApiError('API_VIEW_INPUT_INVALID', `${told.message}.`, { errors: [fieldProblemOf(told.message)] })
    default:
      return new ApiError('API_VIEW_FAILED', `${told.code}: ${told.message}`, { failure: told })
  }
}

/** @param message - Of a check: `input.lines[2].amount: not an amount`. */
function fieldProblemOf(message: string): { pointer: string; detail: string } {
  const [, path = '', detail = message] = /^input((?:\.[^.:[]+|\[\d+\])*): (.*)$/s.exec(message) ?? []
  return { pointer: `/body${path.replaceAll(/\.|\[/g, '/').replaceAll(']', '')}`, detail }
}

function nestsDeeper(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levelsMax) return true
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  return false
}
