import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AccountId, addressOf } from '@tallystick/core/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AddressBook, readAddressBook, writeAddressBook } from './address-book.ts'
import type { AddressBookEntry } from './entry.ts'
import { parseAddressFile } from './parse-file.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tallystick-book-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const idOf = (n: number): AccountId => new Uint8Array(32).fill(n) as AccountId
const addressOfN = (n: number): string => addressOf(idOf(n), 'test')
const entry = (account: string, n: number, bic?: string): AddressBookEntry => ({
  account,
  bic,
  name: undefined,
  address: addressOfN(n),
  id: idOf(n),
  member: undefined,
  keyFile: undefined,
})
const malformed = (where: string): object =>
  expect.objectContaining({ code: 'ADDRESS_BOOK_MALFORMED', message: expect.stringContaining(where) })

describe('an address book', () => {
  it('finds an account by IBAN with or without white space, by number, by address', () => {
    const book = new AddressBook()
    book.add(entry('IBAN:DE02120300000000202051', 1), { replace: false })
    book.add(entry('OTHR:4711', 2), { replace: false })
    for (const text of [
      'DE02 1203 0000 0000 2020 51',
      'de02120300000000202051',
      'IBAN:DE02120300000000202051',
      addressOfN(1),
    ]) {
      expect(book.named(text)?.id).toEqual(idOf(1))
    }
    expect(book.named('4711')?.id).toEqual(idOf(2))
    expect(book.named('4712')).toBeUndefined()
  })

  it('tells equal numbers of two banks apart by the bank, and guesses none without it', () => {
    const book = new AddressBook()
    book.add(entry('OTHR:1', 1, 'ALPNAT2GXXX'), { replace: false })
    book.add(entry('OTHR:1', 2, 'HARBGB2L'), { replace: false })
    expect(book.find('OTHR:1', 'HARBGB2LXXX')?.id).toEqual(idOf(2))
    expect(book.find('OTHR:1')).toBeUndefined()
  })

  it('takes another address for a known account only when told to', () => {
    const book = new AddressBook()
    book.add(entry('OTHR:1', 1), { replace: false })
    book.add(entry('OTHR:1', 1), { replace: false })
    expect(() => book.add(entry('OTHR:1', 2), { replace: false })).toThrow(
      expect.objectContaining({ code: 'ADDRESS_BOOK_CONFLICT' }),
    )
    book.add(entry('OTHR:1', 2), { replace: true })
    expect(book.entries).toHaveLength(1)
    expect(book.ofAddress(addressOfN(1))).toBeUndefined()
  })

  it('is read as it was written, and refused where others may read it', async () => {
    const book = new AddressBook()
    book.add(
      { ...entry('OTHR:1', 1, 'ALPNAT2GXXX'), name: 'Anna "A." Alm', keyFile: 'keys/accounts/1.json' },
      { replace: false },
    )
    await writeAddressBook(home, book)
    expect((await readAddressBook(home, 'test')).entries).toEqual(book.entries)
    const path = join(home, 'address-book.json')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await chmod(path, 0o644)
    await expect(readAddressBook(home, 'test')).rejects.toMatchObject({ code: 'KEY_FILE_PERMISSIONS' })
  })

  it('is empty where there is none', async () => {
    expect((await readAddressBook(join(home, 'nowhere'), 'test')).entries).toEqual([])
  })
})

describe('a file of accounts', () => {
  it('is CSV with a header, quotes and white space in IBANs', () => {
    const text = `account,name,address\n"DE02 1203 0000 0000 2020 51","Alm, ""Anna""",${addressOfN(1)}\r\n4711,,${addressOfN(2)}\n`
    expect(parseAddressFile('a.csv', text, 'test').map(({ account, name }) => [account, name])).toEqual([
      ['IBAN:DE02120300000000202051', 'Alm, "Anna"'],
      ['OTHR:4711', undefined],
    ])
  })

  it('is refused with the line that is wrong', () => {
    const line = (text: string) => () => parseAddressFile('a.csv', `account,address\n${text}\n`, 'test')
    expect(line('4711')).toThrow(malformed('a.csv:2'))
    expect(line(`4711,${addressOfN(1).slice(0, -1)}x`)).toThrow(malformed('ADDRESS_MALFORMED'))
    expect(line(`4711,${addressOf(idOf(1), 'live')}`)).toThrow(malformed('ADDRESS_OF_OTHER_NETWORK'))
    expect(() => parseAddressFile('a.csv', 'account,colour\n', 'test')).toThrow(malformed('a.csv:1'))
    expect(() => parseAddressFile('a.json', '{"version":1,"accounts":[{"account":"x"}]}', 'test')).toThrow(
      malformed('accounts[0]'),
    )
  })
})
