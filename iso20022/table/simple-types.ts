/**
 * The formats of single values: texts with their length, patterns, code lists that the messages close, numbers
 * with (total digits, fraction digits), dates. Code lists that ISO 20022 keeps outside of the messages
 * (`External…Code`) are texts here, as in the messages themselves.
 */
export const SIMPLE_TYPES = String.raw`
ExternalAccountIdentification1Code = text 1..4
ExternalCashAccountType1Code = text 1..4
ExternalCategoryPurpose1Code = text 1..4
ExternalClearingSystemIdentification1Code = text 1..5
ExternalDiscountAmountType1Code = text 1..4
ExternalDocumentLineType1Code = text 1..4
ExternalFinancialInstitutionIdentification1Code = text 1..4
ExternalGarnishmentType1Code = text 1..4
ExternalLocalInstrument1Code = text 1..35
ExternalOrganisationIdentification1Code = text 1..4
ExternalPersonIdentification1Code = text 1..4
ExternalProxyAccountType1Code = text 1..4
ExternalPurpose1Code = text 1..4
ExternalServiceLevel1Code = text 1..4
ExternalTaxAmountType1Code = text 1..4
Max10Text = text 1..10
Max128Text = text 1..128
Max140Text = text 1..140
Max16Text = text 1..16
Max2048Text = text 1..2048
Max34Text = text 1..34
Max350Text = text 1..350
Max35Text = text 1..35
Max4Text = text 1..4
Max70Text = text 1..70
ActiveOrHistoricCurrencyCode = pattern [A-Z]{3}
AnyBICDec2014Identifier = pattern [A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?
AnyBICIdentifier = pattern [A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?
BICFIDec2014Identifier = pattern [A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?
BICIdentifier = pattern [A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?
CountryCode = pattern [A-Z]{2}
Exact4AlphaNumericText = pattern [a-zA-Z0-9]{4}
IBAN2007Identifier = pattern [A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}
LEIIdentifier = pattern [A-Z0-9]{18}[0-9]{2}
Max15NumericText = pattern [0-9]{1,15}
PhoneNumber = pattern \+[0-9]{1,3}-[0-9()+\-]{1,30}
UUIDv4Identifier = pattern [a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}
AddressType2Code = code ADDR PBOX HOME BIZZ MLTO DLVY
Authorisation1Code = code AUTH FDET FSUM ILEV
CashAccountType4Code = code CASH CHAR COMM TAXE CISH TRAS SACC CACC SVGS ONDP MGLD NREX MOMA LOAN SLRY ODFT
ChargeBearerType1Code = code DEBT CRED SHAR SLEV
ChequeDelivery1Code = code MLDB MLCD MLFA CRDB CRCD CRFA PUDB PUCD PUFA RGDB RGCD RGFA
ChequeType2Code = code CCHQ CCCH BCHQ DRFT ELDR
CreditDebitCode = code CRDT DBIT
DocumentType3Code = code RADM RPIN FXDR DISP PUOR SCOR
DocumentType5Code = code MSIN CNFA DNFA CINV CREN DEBN HIRI SBIN CMCN SOAC DISP BOLD VCHR AROI TSUT
DocumentType6Code = code MSIN CNFA DNFA CINV CREN DEBN HIRI SBIN CMCN SOAC DISP BOLD VCHR AROI TSUT PUOR
ExchangeRateType1Code = code SPOT SALE AGRD
Instruction3Code = code CHQB HOLD PHOB TELB
NamePrefix1Code = code DOCT MIST MISS MADM
NamePrefix2Code = code DOCT MADM MISS MIST MIKS
PaymentMethod3Code = code CHK TRF TRA
PreferredContactMethod1Code = code LETT MAIL PHON FAXX CELL
Priority2Code = code HIGH NORM
RegulatoryReportingType1Code = code CRED DEBT BOTH
RemittanceLocationMethod2Code = code FAXI EDIC URID EMAL POST SMSM
TaxRecordPeriod1Code = code MM01 MM02 MM03 MM04 MM05 MM06 MM07 MM08 MM09 MM10 MM11 MM12 QTR1 QTR2 QTR3 QTR4
   HLF1 HLF2
BaseOneRate = decimal 11 10
DecimalNumber = decimal 18 17
Number = decimal 18 0
PercentageRate = decimal 11 10
ActiveOrHistoricCurrencyAndAmount = decimal 18 5 min 0 @Ccy:ActiveOrHistoricCurrencyCode
BatchBookingIndicator = boolean
TrueFalseIndicator = boolean
ISODate = date
ISODateTime = dateTime
`
