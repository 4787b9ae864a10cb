/**
 * pain.002, the customer payment status report: V03 and V10. Of charges, tracking data and the copied original
 * transaction (`ChrgsInf`, `TrckrData`, `OrgnlTxRef`) only the names and their places stand here: the reports that
 * this package writes have none, and a reader of reports skips them.
 */
export const STATUS_REPORT_TYPES = `
CustomerPaymentStatusReportV03 = GrpHdr:GroupHeader36 OrgnlGrpInfAndSts:OriginalGroupInformation20
   OrgnlPmtInfAndSts*:OriginalPaymentInformation1
CustomerPaymentStatusReportV10 = GrpHdr:GroupHeader86 OrgnlGrpInfAndSts:OriginalGroupHeader17
   OrgnlPmtInfAndSts*:OriginalPaymentInstruction32 SplmtryData*:SupplementaryData1
GroupHeader36 = MsgId:Max35Text CreDtTm:ISODateTime InitgPty?:PartyIdentification32
   FwdgAgt?:BranchAndFinancialInstitutionIdentification4 DbtrAgt?:BranchAndFinancialInstitutionIdentification4
   CdtrAgt?:BranchAndFinancialInstitutionIdentification4
GroupHeader86 = MsgId:Max35Text CreDtTm:ISODateTime InitgPty?:PartyIdentification135
   FwdgAgt?:BranchAndFinancialInstitutionIdentification6 DbtrAgt?:BranchAndFinancialInstitutionIdentification6
   CdtrAgt?:BranchAndFinancialInstitutionIdentification6
OriginalGroupInformation20 = OrgnlMsgId:Max35Text OrgnlMsgNmId:Max35Text OrgnlCreDtTm?:ISODateTime
   OrgnlNbOfTxs?:Max15NumericText OrgnlCtrlSum?:DecimalNumber GrpSts?:TransactionGroupStatus3Code
   StsRsnInf*:StatusReasonInformation8 NbOfTxsPerSts*:NumberOfTransactionsPerStatus3
OriginalGroupHeader17 = OrgnlMsgId:Max35Text OrgnlMsgNmId:Max35Text OrgnlCreDtTm?:ISODateTime
   OrgnlNbOfTxs?:Max15NumericText OrgnlCtrlSum?:DecimalNumber GrpSts?:ExternalPaymentGroupStatus1Code
   StsRsnInf*:StatusReasonInformation12 NbOfTxsPerSts*:NumberOfTransactionsPerStatus5
OriginalPaymentInformation1 = OrgnlPmtInfId:Max35Text OrgnlNbOfTxs?:Max15NumericText OrgnlCtrlSum?:DecimalNumber
   PmtInfSts?:TransactionGroupStatus3Code StsRsnInf*:StatusReasonInformation8
   NbOfTxsPerSts*:NumberOfTransactionsPerStatus3 TxInfAndSts*:PaymentTransactionInformation25
OriginalPaymentInstruction32 = OrgnlPmtInfId:Max35Text OrgnlNbOfTxs?:Max15NumericText OrgnlCtrlSum?:DecimalNumber
   PmtInfSts?:ExternalPaymentGroupStatus1Code StsRsnInf*:StatusReasonInformation12
   NbOfTxsPerSts*:NumberOfTransactionsPerStatus5 TxInfAndSts*:PaymentTransaction105
PaymentTransactionInformation25 = StsId?:Max35Text OrgnlInstrId?:Max35Text OrgnlEndToEndId?:Max35Text
   TxSts?:TransactionIndividualStatus3Code StsRsnInf*:StatusReasonInformation8 ChrgsInf*:NotWritten
   AccptncDtTm?:ISODateTime AcctSvcrRef?:Max35Text ClrSysRef?:Max35Text OrgnlTxRef?:NotWritten
PaymentTransaction105 = StsId?:Max35Text OrgnlInstrId?:Max35Text OrgnlEndToEndId?:Max35Text
   OrgnlUETR?:UUIDv4Identifier TxSts?:ExternalPaymentTransactionStatus1Code StsRsnInf*:StatusReasonInformation12
   ChrgsInf*:NotWritten TrckrData?:NotWritten AccptncDtTm?:ISODateTime AcctSvcrRef?:Max35Text ClrSysRef?:Max35Text
   OrgnlTxRef?:NotWritten SplmtryData*:SupplementaryData1
NotWritten = any
StatusReasonInformation8 = Orgtr?:PartyIdentification32 Rsn?:StatusReason6Choice AddtlInf*:Max105Text
StatusReasonInformation12 = Orgtr?:PartyIdentification135 Rsn?:StatusReason6Choice AddtlInf*:Max105Text
StatusReason6Choice = Cd:ExternalStatusReason1Code | Prtry:Max35Text
NumberOfTransactionsPerStatus3 = DtldNbOfTxs:Max15NumericText DtldSts:TransactionIndividualStatus3Code
   DtldCtrlSum?:DecimalNumber
NumberOfTransactionsPerStatus5 = DtldNbOfTxs:Max15NumericText DtldSts:ExternalPaymentTransactionStatus1Code
   DtldCtrlSum?:DecimalNumber
TransactionGroupStatus3Code = code ACTC RCVD PART RJCT PDNG ACCP ACSP ACSC ACWC
TransactionIndividualStatus3Code = code ACTC RJCT PDNG ACCP ACSP ACSC ACWC
ExternalPaymentGroupStatus1Code = text 1..4
ExternalPaymentTransactionStatus1Code = text 1..4
ExternalStatusReason1Code = text 1..4
Max105Text = text 1..105
`
