/**
 * Who pays and who is paid: names, addresses, identifications, contacts.
 */
export const PARTY_TYPES = `
AddressType3Choice = Cd:AddressType2Code | Prtry:GenericIdentification30
Contact4 = NmPrfx?:NamePrefix2Code Nm?:Max140Text PhneNb?:PhoneNumber MobNb?:PhoneNumber FaxNb?:PhoneNumber
   EmailAdr?:Max2048Text EmailPurp?:Max35Text JobTitl?:Max35Text Rspnsblty?:Max35Text Dept?:Max70Text
   Othr*:OtherContact1 PrefrdMtd?:PreferredContactMethod1Code
ContactDetails2 = NmPrfx?:NamePrefix1Code Nm?:Max140Text PhneNb?:PhoneNumber MobNb?:PhoneNumber
   FaxNb?:PhoneNumber EmailAdr?:Max2048Text Othr?:Max35Text
DateAndPlaceOfBirth = BirthDt:ISODate PrvcOfBirth?:Max35Text CityOfBirth:Max35Text CtryOfBirth:CountryCode
DateAndPlaceOfBirth1 = BirthDt:ISODate PrvcOfBirth?:Max35Text CityOfBirth:Max35Text CtryOfBirth:CountryCode
GenericIdentification30 = Id:Exact4AlphaNumericText Issr:Max35Text SchmeNm?:Max35Text
GenericOrganisationIdentification1 = Id:Max35Text SchmeNm?:OrganisationIdentificationSchemeName1Choice
   Issr?:Max35Text
GenericPersonIdentification1 = Id:Max35Text SchmeNm?:PersonIdentificationSchemeName1Choice Issr?:Max35Text
NameAndAddress10 = Nm:Max140Text Adr:PostalAddress6
NameAndAddress16 = Nm:Max140Text Adr:PostalAddress24
OrganisationIdentification29 = AnyBIC?:AnyBICDec2014Identifier LEI?:LEIIdentifier
   Othr*:GenericOrganisationIdentification1
OrganisationIdentification4 = BICOrBEI?:AnyBICIdentifier Othr*:GenericOrganisationIdentification1
OrganisationIdentificationSchemeName1Choice = Cd:ExternalOrganisationIdentification1Code | Prtry:Max35Text
OtherContact1 = ChanlTp:Max4Text Id?:Max128Text
Party38Choice = OrgId:OrganisationIdentification29 | PrvtId:PersonIdentification13
Party6Choice = OrgId:OrganisationIdentification4 | PrvtId:PersonIdentification5
PartyIdentification135 = Nm?:Max140Text PstlAdr?:PostalAddress24 Id?:Party38Choice CtryOfRes?:CountryCode
   CtctDtls?:Contact4
PartyIdentification32 = Nm?:Max140Text PstlAdr?:PostalAddress6 Id?:Party6Choice CtryOfRes?:CountryCode
   CtctDtls?:ContactDetails2
PersonIdentification13 = DtAndPlcOfBirth?:DateAndPlaceOfBirth1 Othr*:GenericPersonIdentification1
PersonIdentification5 = DtAndPlcOfBirth?:DateAndPlaceOfBirth Othr*:GenericPersonIdentification1
PersonIdentificationSchemeName1Choice = Cd:ExternalPersonIdentification1Code | Prtry:Max35Text
PostalAddress24 = AdrTp?:AddressType3Choice Dept?:Max70Text SubDept?:Max70Text StrtNm?:Max70Text
   BldgNb?:Max16Text BldgNm?:Max35Text Flr?:Max70Text PstBx?:Max16Text Room?:Max70Text PstCd?:Max16Text
   TwnNm?:Max35Text TwnLctnNm?:Max35Text DstrctNm?:Max35Text CtrySubDvsn?:Max35Text Ctry?:CountryCode
   AdrLine{0,7}:Max70Text
PostalAddress6 = AdrTp?:AddressType2Code Dept?:Max70Text SubDept?:Max70Text StrtNm?:Max70Text BldgNb?:Max16Text
   PstCd?:Max16Text TwnNm?:Max35Text CtrySubDvsn?:Max35Text Ctry?:CountryCode AdrLine{0,7}:Max70Text
`
