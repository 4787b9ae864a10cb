/**
 * Taxes that a payment or a remittance states.
 */
export const TAX_TYPES = `
DatePeriod2 = FrDt:ISODate ToDt:ISODate
DatePeriodDetails = FrDt:ISODate ToDt:ISODate
TaxAmount1 = Rate?:PercentageRate TaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount
   TtlAmt?:ActiveOrHistoricCurrencyAndAmount Dtls*:TaxRecordDetails1
TaxAmount2 = Rate?:PercentageRate TaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount
   TtlAmt?:ActiveOrHistoricCurrencyAndAmount Dtls*:TaxRecordDetails2
TaxAmountAndType1 = Tp?:TaxAmountType1Choice Amt:ActiveOrHistoricCurrencyAndAmount
TaxAmountType1Choice = Cd:ExternalTaxAmountType1Code | Prtry:Max35Text
TaxAuthorisation1 = Titl?:Max35Text Nm?:Max140Text
TaxInformation3 = Cdtr?:TaxParty1 Dbtr?:TaxParty2 AdmstnZn?:Max35Text RefNb?:Max140Text Mtd?:Max35Text
   TtlTaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlTaxAmt?:ActiveOrHistoricCurrencyAndAmount Dt?:ISODate
   SeqNb?:Number Rcrd*:TaxRecord1
TaxInformation7 = Cdtr?:TaxParty1 Dbtr?:TaxParty2 UltmtDbtr?:TaxParty2 AdmstnZone?:Max35Text RefNb?:Max140Text
   Mtd?:Max35Text TtlTaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount
   TtlTaxAmt?:ActiveOrHistoricCurrencyAndAmount Dt?:ISODate SeqNb?:Number Rcrd*:TaxRecord2
TaxInformation8 = Cdtr?:TaxParty1 Dbtr?:TaxParty2 AdmstnZone?:Max35Text RefNb?:Max140Text Mtd?:Max35Text
   TtlTaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlTaxAmt?:ActiveOrHistoricCurrencyAndAmount Dt?:ISODate
   SeqNb?:Number Rcrd*:TaxRecord2
TaxParty1 = TaxId?:Max35Text RegnId?:Max35Text TaxTp?:Max35Text
TaxParty2 = TaxId?:Max35Text RegnId?:Max35Text TaxTp?:Max35Text Authstn?:TaxAuthorisation1
TaxPeriod1 = Yr?:ISODate Tp?:TaxRecordPeriod1Code FrToDt?:DatePeriodDetails
TaxPeriod2 = Yr?:ISODate Tp?:TaxRecordPeriod1Code FrToDt?:DatePeriod2
TaxRecord1 = Tp?:Max35Text Ctgy?:Max35Text CtgyDtls?:Max35Text DbtrSts?:Max35Text CertId?:Max35Text
   FrmsCd?:Max35Text Prd?:TaxPeriod1 TaxAmt?:TaxAmount1 AddtlInf?:Max140Text
TaxRecord2 = Tp?:Max35Text Ctgy?:Max35Text CtgyDtls?:Max35Text DbtrSts?:Max35Text CertId?:Max35Text
   FrmsCd?:Max35Text Prd?:TaxPeriod2 TaxAmt?:TaxAmount2 AddtlInf?:Max140Text
TaxRecordDetails1 = Prd?:TaxPeriod1 Amt:ActiveOrHistoricCurrencyAndAmount
TaxRecordDetails2 = Prd?:TaxPeriod2 Amt:ActiveOrHistoricCurrencyAndAmount
`
