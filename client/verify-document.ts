import { CodecError, decodeJsonText, encodeJsonText } from '@tallystick/core/codec'
import {
  genesis,
  type ProofDocument,
  ProofError,
  proofDocument,
  trustGenesis,
  verifyBlockProof,
  verifyReceiptProof,
  verifyStateProof,
} from '@tallystick/core/protocol'

/** Largest file that is read: far above any honest proof. */
export const proofFileCharactersMax = 64 * 1_048_576
const genesisCharactersMax = 64 * 1_048_576

/** Whether a proof file holds, or the first link that does not follow from the genesis. */
export type DocumentVerdict =
  | { readonly ok: true; readonly document: ProofDocument }
  | {
      readonly ok: false
      /** `PROOF_…`, `CODEC_…` or `DOCUMENT_…`. */
      readonly code: string
      /** The part that fails, such as `anchor.header`; `genesis` or `document` where the text itself is wrong. */
      readonly link: string
      readonly detail: string
    }

/** The text of a proof file: its canonical JSON. */
export function encodeProofFile(document: ProofDocument): string {
  return encodeJsonText(proofDocument, document)
}

/**
 * Checks a proof file offline against the genesis file alone: every listed signature, every link, every byte. Both texts
 * must be canonical, so no changed byte passes.
 */
export function verifyProofDocument(genesisText: string, documentText: string): DocumentVerdict {
  const trusted = within('genesis', genesisText, genesisCharactersMax, () =>
    trustGenesis(decodeJsonText(genesis, genesisText)),
  )
  if ('ok' in trusted) return trusted
  const document = within('document', documentText, proofFileCharactersMax, () =>
    decodeJsonText(proofDocument, documentText),
  )
  if ('ok' in document) return document
  try {
    if (document.kind === 'receipt') verifyReceiptProof(trusted, document)
    else if (document.kind === 'state') verifyStateProof(trusted, document)
    else verifyBlockProof(trusted, document)
  } catch (error) {
    return refusal(error, 'document')
  }
  return { ok: true, document }
}

function within<T extends object>(
  link: string,
  text: string,
  charactersMax: number,
  read: () => T,
): T | Extract<DocumentVerdict, { ok: false }> {
  if (text.length > charactersMax) {
    return {
      ok: false,
      code: 'DOCUMENT_TOO_LARGE',
      link,
      detail: `${text.length} characters, at most ${charactersMax}`,
    }
  }
  try {
    return read()
  } catch (error) {
    return refusal(error, link)
  }
}

function refusal(error: unknown, link: string): Extract<DocumentVerdict, { ok: false }> {
  if (error instanceof ProofError) return { ok: false, code: error.code, link: error.link, detail: error.message }
  if (error instanceof CodecError) {
    return {
      ok: false,
      code: error.code,
      link: error.path === '' ? link : `${link}.${error.path}`,
      detail: error.message,
    }
  }
  throw error
}
