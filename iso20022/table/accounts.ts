/**
 * Accounts, and the institutions that keep them.
 */
export const ACCOUNT_TYPES = `
AccountIdentification4Choice = IBAN:IBAN2007Identifier | Othr:GenericAccountIdentification1
AccountSchemeName1Choice = Cd:ExternalAccountIdentification1Code | Prtry:Max35Text
BranchAndFinancialInstitutionIdentification4 = FinInstnId:FinancialInstitutionIdentification7
   BrnchId?:BranchData2
BranchAndFinancialInstitutionIdentification6 = FinInstnId:FinancialInstitutionIdentification18
   BrnchId?:BranchData3
BranchData2 = Id?:Max35Text Nm?:Max140Text PstlAdr?:PostalAddress6
BranchData3 = Id?:Max35Text LEI?:LEIIdentifier Nm?:Max140Text PstlAdr?:PostalAddress24
CashAccount16 = Id:AccountIdentification4Choice Tp?:CashAccountType2 Ccy?:ActiveOrHistoricCurrencyCode
   Nm?:Max70Text
CashAccount38 = Id:AccountIdentification4Choice Tp?:CashAccountType2Choice Ccy?:ActiveOrHistoricCurrencyCode
   Nm?:Max70Text Prxy?:ProxyAccountIdentification1
CashAccountType2 = Cd:CashAccountType4Code | Prtry:Max35Text
CashAccountType2Choice = Cd:ExternalCashAccountType1Code | Prtry:Max35Text
ClearingSystemIdentification2Choice = Cd:ExternalClearingSystemIdentification1Code | Prtry:Max35Text
ClearingSystemMemberIdentification2 = ClrSysId?:ClearingSystemIdentification2Choice MmbId:Max35Text
FinancialIdentificationSchemeName1Choice = Cd:ExternalFinancialInstitutionIdentification1Code | Prtry:Max35Text
FinancialInstitutionIdentification18 = BICFI?:BICFIDec2014Identifier
   ClrSysMmbId?:ClearingSystemMemberIdentification2 LEI?:LEIIdentifier Nm?:Max140Text PstlAdr?:PostalAddress24
   Othr?:GenericFinancialIdentification1
FinancialInstitutionIdentification7 = BIC?:BICIdentifier ClrSysMmbId?:ClearingSystemMemberIdentification2
   Nm?:Max140Text PstlAdr?:PostalAddress6 Othr?:GenericFinancialIdentification1
GenericAccountIdentification1 = Id:Max34Text SchmeNm?:AccountSchemeName1Choice Issr?:Max35Text
GenericFinancialIdentification1 = Id:Max35Text SchmeNm?:FinancialIdentificationSchemeName1Choice Issr?:Max35Text
ProxyAccountIdentification1 = Tp?:ProxyAccountType1Choice Id:Max2048Text
ProxyAccountType1Choice = Cd:ExternalProxyAccountType1Code | Prtry:Max35Text
`
