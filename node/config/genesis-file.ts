import { CodecError, decodeJsonText, encodeJsonText, equalBytes, toHex } from '@tallystick/core/codec'
import { type Genesis, genesis, ledgerOf } from '@tallystick/core/protocol'
import { ConfigError } from './errors.ts'
import { readText } from './read-text.ts'

/** 4,096 members with policies of several keys stay well below. */
const genesisFileBytesMax = 64 * 1_048_576

const codes = {
  missing: 'GENESIS_MISSING',
  unreadable: 'GENESIS_UNREADABLE',
  malformed: 'GENESIS_MALFORMED',
} as const

/** The one text of a genesis: its canonical JSON. */
export function genesisText(value: Genesis): string {
  return encodeJsonText(genesis, value)
}

/**
 * Reads a genesis file, which is the canonical JSON text of the genesis.
 * @param wanted - The ledger that it must lead to, where it is known: the genesis is what every proof is checked against.
 * @throws {ConfigError} GENESIS_MISSING, GENESIS_UNREADABLE, GENESIS_MALFORMED, GENESIS_CORRUPTED.
 */
export async function readGenesisFile(path: string, wanted?: Uint8Array): Promise<Genesis> {
  const text = await readText(path, genesisFileBytesMax, codes)
  const value = parse(path, text)
  if (wanted !== undefined && !equalBytes(ledgerOf(value), wanted)) {
    const found = toHex(ledgerOf(value))
    throw new ConfigError('GENESIS_CORRUPTED', path, `it begins the ledger ${found}, wanted is ${toHex(wanted)}`)
  }
  return value
}

function parse(path: string, text: string): Genesis {
  try {
    return decodeJsonText(genesis, text)
  } catch (error) {
    if (error instanceof CodecError) throw new ConfigError('GENESIS_MALFORMED', path, error.message)
    throw error
  }
}
