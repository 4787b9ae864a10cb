/**
 * What a payment is for: references, invoices, amounts due and adjusted, garnishments.
 */
export const REMITTANCE_TYPES = `
CreditorReferenceInformation2 = Tp?:CreditorReferenceType2 Ref?:Max35Text
CreditorReferenceType1Choice = Cd:DocumentType3Code | Prtry:Max35Text
CreditorReferenceType2 = CdOrPrtry:CreditorReferenceType1Choice Issr?:Max35Text
DiscountAmountAndType1 = Tp?:DiscountAmountType1Choice Amt:ActiveOrHistoricCurrencyAndAmount
DiscountAmountType1Choice = Cd:ExternalDiscountAmountType1Code | Prtry:Max35Text
DocumentAdjustment1 = Amt:ActiveOrHistoricCurrencyAndAmount CdtDbtInd?:CreditDebitCode Rsn?:Max4Text
   AddtlInf?:Max140Text
DocumentLineIdentification1 = Tp?:DocumentLineType1 Nb?:Max35Text RltdDt?:ISODate
DocumentLineInformation1 = Id+:DocumentLineIdentification1 Desc?:Max2048Text Amt?:RemittanceAmount3
DocumentLineType1 = CdOrPrtry:DocumentLineType1Choice Issr?:Max35Text
DocumentLineType1Choice = Cd:ExternalDocumentLineType1Code | Prtry:Max35Text
Garnishment3 = Tp:GarnishmentType1 Grnshee?:PartyIdentification135 GrnshmtAdmstr?:PartyIdentification135
   RefNb?:Max140Text Dt?:ISODate RmtdAmt?:ActiveOrHistoricCurrencyAndAmount
   FmlyMdclInsrncInd?:TrueFalseIndicator MplyeeTermntnInd?:TrueFalseIndicator
GarnishmentType1 = CdOrPrtry:GarnishmentType1Choice Issr?:Max35Text
GarnishmentType1Choice = Cd:ExternalGarnishmentType1Code | Prtry:Max35Text
ReferredDocumentInformation3 = Tp?:ReferredDocumentType2 Nb?:Max35Text RltdDt?:ISODate
ReferredDocumentInformation7 = Tp?:ReferredDocumentType4 Nb?:Max35Text RltdDt?:ISODate
   LineDtls*:DocumentLineInformation1
ReferredDocumentType1Choice = Cd:DocumentType5Code | Prtry:Max35Text
ReferredDocumentType2 = CdOrPrtry:ReferredDocumentType1Choice Issr?:Max35Text
ReferredDocumentType3Choice = Cd:DocumentType6Code | Prtry:Max35Text
ReferredDocumentType4 = CdOrPrtry:ReferredDocumentType3Choice Issr?:Max35Text
RemittanceAmount1 = DuePyblAmt?:ActiveOrHistoricCurrencyAndAmount
   DscntApldAmt?:ActiveOrHistoricCurrencyAndAmount CdtNoteAmt?:ActiveOrHistoricCurrencyAndAmount
   TaxAmt?:ActiveOrHistoricCurrencyAndAmount AdjstmntAmtAndRsn*:DocumentAdjustment1
   RmtdAmt?:ActiveOrHistoricCurrencyAndAmount
RemittanceAmount2 = DuePyblAmt?:ActiveOrHistoricCurrencyAndAmount DscntApldAmt*:DiscountAmountAndType1
   CdtNoteAmt?:ActiveOrHistoricCurrencyAndAmount TaxAmt*:TaxAmountAndType1
   AdjstmntAmtAndRsn*:DocumentAdjustment1 RmtdAmt?:ActiveOrHistoricCurrencyAndAmount
RemittanceAmount3 = DuePyblAmt?:ActiveOrHistoricCurrencyAndAmount DscntApldAmt*:DiscountAmountAndType1
   CdtNoteAmt?:ActiveOrHistoricCurrencyAndAmount TaxAmt*:TaxAmountAndType1
   AdjstmntAmtAndRsn*:DocumentAdjustment1 RmtdAmt?:ActiveOrHistoricCurrencyAndAmount
RemittanceInformation16 = Ustrd*:Max140Text Strd*:StructuredRemittanceInformation16
RemittanceInformation5 = Ustrd*:Max140Text Strd*:StructuredRemittanceInformation7
RemittanceLocation2 = RmtId?:Max35Text RmtLctnMtd?:RemittanceLocationMethod2Code RmtLctnElctrncAdr?:Max2048Text
   RmtLctnPstlAdr?:NameAndAddress10
RemittanceLocation7 = RmtId?:Max35Text RmtLctnDtls*:RemittanceLocationData1
RemittanceLocationData1 = Mtd:RemittanceLocationMethod2Code ElctrncAdr?:Max2048Text PstlAdr?:NameAndAddress16
StructuredRemittanceInformation16 = RfrdDocInf*:ReferredDocumentInformation7 RfrdDocAmt?:RemittanceAmount2
   CdtrRefInf?:CreditorReferenceInformation2 Invcr?:PartyIdentification135 Invcee?:PartyIdentification135
   TaxRmt?:TaxInformation7 GrnshmtRmt?:Garnishment3 AddtlRmtInf{0,3}:Max140Text
StructuredRemittanceInformation7 = RfrdDocInf*:ReferredDocumentInformation3 RfrdDocAmt?:RemittanceAmount1
   CdtrRefInf?:CreditorReferenceInformation2 Invcr?:PartyIdentification32 Invcee?:PartyIdentification32
   AddtlRmtInf{0,3}:Max140Text
`
