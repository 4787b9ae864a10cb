import type { Pain001Options } from '../options.ts'
import { readPain001 } from '../read.ts'

/** Noon of 21 November 2026 in UTC: the time against which the tests read. */
export const BLOCK_TIME_MS = Date.UTC(2026, 10, 21, 12)

/** A valid file of two payment informations with three payments, 250.75 EUR and 1000 JPY. */
export const SMALL_FILE = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
<CstmrCdtTrfInitn>
<GrpHdr>
<MsgId>M-1</MsgId>
<CreDtTm>2026-11-20T09:30:00Z</CreDtTm>
<NbOfTxs>3</NbOfTxs>
<CtrlSum>1250.75</CtrlSum>
<InitgPty><Nm>Grünwald Tooling GmbH</Nm><Id><OrgId><LEI>00000012345678901244</LEI></OrgId></Id></InitgPty>
</GrpHdr>
<PmtInf>
<PmtInfId>P-1</PmtInfId>
<PmtMtd>TRF</PmtMtd>
<NbOfTxs>2</NbOfTxs>
<CtrlSum>250.75</CtrlSum>
<ReqdExctnDt><Dt>2026-11-20</Dt></ReqdExctnDt>
<Dbtr><Nm>Grünwald Tooling GmbH</Nm></Dbtr>
<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></DbtrAcct>
<DbtrAgt><FinInstnId><BICFI>NORDDE2XXXX</BICFI></FinInstnId></DbtrAgt>
<CdtTrfTxInf>
<PmtId><InstrId>I-1</InstrId><EndToEndId>E-1</EndToEndId><UETR>3f2504e0-4f89-41d3-9a0c-0305e82c3301</UETR></PmtId>
<Amt><InstdAmt Ccy="EUR">200.50</InstdAmt></Amt>
<CdtrAgt><FinInstnId><BICFI>ALPNAT2XXXX</BICFI></FinInstnId></CdtrAgt>
<Cdtr><Nm>Anna Bauer</Nm></Cdtr>
<CdtrAcct><Id><IBAN>AT611904300234573201</IBAN></Id></CdtrAcct>
<RmtInf><Ustrd>Salary &amp; bonus</Ustrd></RmtInf>
</CdtTrfTxInf>
<CdtTrfTxInf>
<PmtId><EndToEndId>NOTPROVIDED</EndToEndId></PmtId>
<Amt><InstdAmt Ccy="EUR">50.25</InstdAmt></Amt>
<Cdtr><Nm>Bruno Costa</Nm></Cdtr>
<CdtrAcct><Id><Othr><Id>DE00NOTANIBAN</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr></Id></CdtrAcct>
</CdtTrfTxInf>
</PmtInf>
<PmtInf>
<PmtInfId>P-2</PmtInfId>
<PmtMtd>TRF</PmtMtd>
<ReqdExctnDt><Dt>2026-11-23</Dt></ReqdExctnDt>
<Dbtr><Nm>Grünwald Tooling GmbH</Nm></Dbtr>
<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId><BICFI>NORDDE2XXXX</BICFI></FinInstnId></DbtrAgt>
<CdtTrfTxInf>
<PmtId><InstrId>I-1</InstrId><EndToEndId>E-3</EndToEndId></PmtId>
<Amt><InstdAmt Ccy="JPY">1000</InstdAmt></Amt>
<Cdtr><Nm>Kiso K.K.</Nm></Cdtr>
<CdtrAcct><Id><Othr><Id>00012345678901</Id></Othr></Id></CdtrAcct>
</CdtTrfTxInf>
</PmtInf>
</CstmrCdtTrfInitn>
</Document>
`

/** A text of the small file, and what it becomes. */
export type Edit = readonly [from: string | RegExp, to: string]

/** The small file with texts replaced, each of which must be there. */
export function edited(...edits: readonly Edit[]): string {
  return edits.reduce((file, [from, to]) => {
    const changed = file.replace(from, to)
    if (changed === file) throw new Error(`the small file has no ${from}`)
    return changed
  }, SMALL_FILE)
}

/** Reads a text as a file. */
export function read(file: string | Uint8Array, options: Partial<Pain001Options> = {}) {
  const bytes = typeof file === 'string' ? Buffer.from(file, 'utf8') : file
  return readPain001(bytes, { blockTimeMs: BLOCK_TIME_MS, ...options })
}

/** The codes of a file's problems and warnings, in file order, each as often as it comes. */
export async function codesOf(file: string | Uint8Array, options: Partial<Pain001Options> = {}): Promise<string[]> {
  const { problems, warnings } = await read(file, options)
  return [...problems, ...warnings].map(({ code }) => code)
}
