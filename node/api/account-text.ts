import { fromHex } from '@tallystick/core/codec'
import { type AccountId, type NetworkKind, parseAddress } from '@tallystick/core/protocol'
import { ApiError } from './errors.ts'

/** The account that a path names, by address or by hexadecimal digits. @throws {ApiError} */
export function accountOf(text: string, network: NetworkKind): AccountId {
  if (/^[0-9a-f]{64}$/.test(text)) return fromHex(text) as Uint8Array as AccountId
  const parsed = parseAddress(text, network)
  if (parsed === 'ADDRESS_MALFORMED') throw new ApiError('API_ADDRESS_MALFORMED')
  if (parsed === 'ADDRESS_OF_OTHER_NETWORK') throw new ApiError('API_ADDRESS_OF_OTHER_NETWORK')
  return parsed
}
