/**
 * pain.001, the customer credit transfer initiation: V03 and V09 side by side. A later version adds the
 * components that it changes and names the others again, for a component never changes under its name.
 */
export const CREDIT_TRANSFER_TYPES = `
AmountType3Choice = InstdAmt:ActiveOrHistoricCurrencyAndAmount | EqvtAmt:EquivalentAmount2
AmountType4Choice = InstdAmt:ActiveOrHistoricCurrencyAndAmount | EqvtAmt:EquivalentAmount2
Authorisation1Choice = Cd:Authorisation1Code | Prtry:Max128Text
CategoryPurpose1Choice = Cd:ExternalCategoryPurpose1Code | Prtry:Max35Text
Cheque11 = ChqTp?:ChequeType2Code ChqNb?:Max35Text ChqFr?:NameAndAddress16 DlvryMtd?:ChequeDeliveryMethod1Choice
   DlvrTo?:NameAndAddress16 InstrPrty?:Priority2Code ChqMtrtyDt?:ISODate FrmsCd?:Max35Text
   MemoFld{0,2}:Max35Text RgnlClrZone?:Max35Text PrtLctn?:Max35Text Sgntr{0,5}:Max70Text
Cheque6 = ChqTp?:ChequeType2Code ChqNb?:Max35Text ChqFr?:NameAndAddress10 DlvryMtd?:ChequeDeliveryMethod1Choice
   DlvrTo?:NameAndAddress10 InstrPrty?:Priority2Code ChqMtrtyDt?:ISODate FrmsCd?:Max35Text
   MemoFld{0,2}:Max35Text RgnlClrZone?:Max35Text PrtLctn?:Max35Text
ChequeDeliveryMethod1Choice = Cd:ChequeDelivery1Code | Prtry:Max35Text
CreditTransferTransaction34 = PmtId:PaymentIdentification6 PmtTpInf?:PaymentTypeInformation26
   Amt:AmountType4Choice XchgRateInf?:ExchangeRate1 ChrgBr?:ChargeBearerType1Code ChqInstr?:Cheque11
   UltmtDbtr?:PartyIdentification135 IntrmyAgt1?:BranchAndFinancialInstitutionIdentification6
   IntrmyAgt1Acct?:CashAccount38 IntrmyAgt2?:BranchAndFinancialInstitutionIdentification6
   IntrmyAgt2Acct?:CashAccount38 IntrmyAgt3?:BranchAndFinancialInstitutionIdentification6
   IntrmyAgt3Acct?:CashAccount38 CdtrAgt?:BranchAndFinancialInstitutionIdentification6
   CdtrAgtAcct?:CashAccount38 Cdtr?:PartyIdentification135 CdtrAcct?:CashAccount38
   UltmtCdtr?:PartyIdentification135 InstrForCdtrAgt*:InstructionForCreditorAgent1 InstrForDbtrAgt?:Max140Text
   Purp?:Purpose2Choice RgltryRptg{0,10}:RegulatoryReporting3 Tax?:TaxInformation8
   RltdRmtInf{0,10}:RemittanceLocation7 RmtInf?:RemittanceInformation16 SplmtryData*:SupplementaryData1
CreditTransferTransactionInformation10 = PmtId:PaymentIdentification1 PmtTpInf?:PaymentTypeInformation19
   Amt:AmountType3Choice XchgRateInf?:ExchangeRateInformation1 ChrgBr?:ChargeBearerType1Code ChqInstr?:Cheque6
   UltmtDbtr?:PartyIdentification32 IntrmyAgt1?:BranchAndFinancialInstitutionIdentification4
   IntrmyAgt1Acct?:CashAccount16 IntrmyAgt2?:BranchAndFinancialInstitutionIdentification4
   IntrmyAgt2Acct?:CashAccount16 IntrmyAgt3?:BranchAndFinancialInstitutionIdentification4
   IntrmyAgt3Acct?:CashAccount16 CdtrAgt?:BranchAndFinancialInstitutionIdentification4
   CdtrAgtAcct?:CashAccount16 Cdtr?:PartyIdentification32 CdtrAcct?:CashAccount16
   UltmtCdtr?:PartyIdentification32 InstrForCdtrAgt*:InstructionForCreditorAgent1 InstrForDbtrAgt?:Max140Text
   Purp?:Purpose2Choice RgltryRptg{0,10}:RegulatoryReporting3 Tax?:TaxInformation3
   RltdRmtInf{0,10}:RemittanceLocation2 RmtInf?:RemittanceInformation5
CustomerCreditTransferInitiationV03 = GrpHdr:GroupHeader32 PmtInf+:PaymentInstructionInformation3
CustomerCreditTransferInitiationV09 = GrpHdr:GroupHeader85 PmtInf+:PaymentInstruction30
   SplmtryData*:SupplementaryData1
DateAndDateTime2Choice = Dt:ISODate | DtTm:ISODateTime
EquivalentAmount2 = Amt:ActiveOrHistoricCurrencyAndAmount CcyOfTrf:ActiveOrHistoricCurrencyCode
ExchangeRate1 = UnitCcy?:ActiveOrHistoricCurrencyCode XchgRate?:BaseOneRate RateTp?:ExchangeRateType1Code
   CtrctId?:Max35Text
ExchangeRateInformation1 = XchgRate?:BaseOneRate RateTp?:ExchangeRateType1Code CtrctId?:Max35Text
GroupHeader32 = MsgId:Max35Text CreDtTm:ISODateTime Authstn{0,2}:Authorisation1Choice NbOfTxs:Max15NumericText
   CtrlSum?:DecimalNumber InitgPty:PartyIdentification32 FwdgAgt?:BranchAndFinancialInstitutionIdentification4
GroupHeader85 = MsgId:Max35Text CreDtTm:ISODateTime Authstn{0,2}:Authorisation1Choice NbOfTxs:Max15NumericText
   CtrlSum?:DecimalNumber InitgPty:PartyIdentification135 FwdgAgt?:BranchAndFinancialInstitutionIdentification6
InstructionForCreditorAgent1 = Cd?:Instruction3Code InstrInf?:Max140Text
LocalInstrument2Choice = Cd:ExternalLocalInstrument1Code | Prtry:Max35Text
PaymentIdentification1 = InstrId?:Max35Text EndToEndId:Max35Text
PaymentIdentification6 = InstrId?:Max35Text EndToEndId:Max35Text UETR?:UUIDv4Identifier
PaymentInstruction30 = PmtInfId:Max35Text PmtMtd:PaymentMethod3Code BtchBookg?:BatchBookingIndicator
   NbOfTxs?:Max15NumericText CtrlSum?:DecimalNumber PmtTpInf?:PaymentTypeInformation26
   ReqdExctnDt:DateAndDateTime2Choice PoolgAdjstmntDt?:ISODate Dbtr:PartyIdentification135
   DbtrAcct:CashAccount38 DbtrAgt:BranchAndFinancialInstitutionIdentification6 DbtrAgtAcct?:CashAccount38
   InstrForDbtrAgt?:Max140Text UltmtDbtr?:PartyIdentification135 ChrgBr?:ChargeBearerType1Code
   ChrgsAcct?:CashAccount38 ChrgsAcctAgt?:BranchAndFinancialInstitutionIdentification6
   CdtTrfTxInf+:CreditTransferTransaction34
PaymentInstructionInformation3 = PmtInfId:Max35Text PmtMtd:PaymentMethod3Code BtchBookg?:BatchBookingIndicator
   NbOfTxs?:Max15NumericText CtrlSum?:DecimalNumber PmtTpInf?:PaymentTypeInformation19 ReqdExctnDt:ISODate
   PoolgAdjstmntDt?:ISODate Dbtr:PartyIdentification32 DbtrAcct:CashAccount16
   DbtrAgt:BranchAndFinancialInstitutionIdentification4 DbtrAgtAcct?:CashAccount16
   UltmtDbtr?:PartyIdentification32 ChrgBr?:ChargeBearerType1Code ChrgsAcct?:CashAccount16
   ChrgsAcctAgt?:BranchAndFinancialInstitutionIdentification4
   CdtTrfTxInf+:CreditTransferTransactionInformation10
PaymentTypeInformation19 = InstrPrty?:Priority2Code SvcLvl?:ServiceLevel8Choice
   LclInstrm?:LocalInstrument2Choice CtgyPurp?:CategoryPurpose1Choice
PaymentTypeInformation26 = InstrPrty?:Priority2Code SvcLvl*:ServiceLevel8Choice
   LclInstrm?:LocalInstrument2Choice CtgyPurp?:CategoryPurpose1Choice
Purpose2Choice = Cd:ExternalPurpose1Code | Prtry:Max35Text
RegulatoryAuthority2 = Nm?:Max140Text Ctry?:CountryCode
RegulatoryReporting3 = DbtCdtRptgInd?:RegulatoryReportingType1Code Authrty?:RegulatoryAuthority2
   Dtls*:StructuredRegulatoryReporting3
ServiceLevel8Choice = Cd:ExternalServiceLevel1Code | Prtry:Max35Text
StructuredRegulatoryReporting3 = Tp?:Max35Text Dt?:ISODate Ctry?:CountryCode Cd?:Max10Text
   Amt?:ActiveOrHistoricCurrencyAndAmount Inf*:Max35Text
SupplementaryData1 = PlcAndNm?:Max350Text Envlp:SupplementaryDataEnvelope1
SupplementaryDataEnvelope1 = any
`
