import { resolve } from 'node:path'
import { verifyProofDocument } from '@tallystick/client'
import { decodeJsonText } from '@tallystick/core/codec'
import { type Genesis, genesis, type ProofDocument } from '@tallystick/core/protocol'
import { type Context, homePaths } from '../context.ts'
import { CliError } from '../errors.ts'
import { readTextFile } from '../read-file.ts'

const fileBytesMax = 64 * 1_048_576

/** Checks a proof file against the genesis file alone. @throws {CliError} PROOF_REFUSED naming the link that fails. */
export async function verifyFile(
  context: Context,
  file: string,
): Promise<{ readonly document: ProofDocument; readonly genesis: Genesis }> {
  const genesisText = await readTextFile(context.genesis ?? homePaths.genesis(context.home), fileBytesMax)
  const text = await readTextFile(resolve(context.terminal.cwd, file), fileBytesMax)
  const verdict = verifyProofDocument(genesisText, text)
  if (!verdict.ok) {
    const { code, link, detail } = verdict
    throw new CliError(
      'PROOF_REFUSED',
      `${file}: ${code} at ${detail.startsWith(link) ? detail : `${link}: ${detail}`}`,
      { file, cause: code, link },
    )
  }
  return { document: verdict.document, genesis: decodeJsonText(genesis, genesisText) }
}
