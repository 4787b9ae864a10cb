import { describe, expect, it } from 'vitest'
import { CodecError, decode, encode } from '../codec/index.ts'
import { isDone, type ResultCode, resultCode, results } from './index.ts'

const codes = Object.keys(results) as ResultCode[]

describe('results', () => {
  it('behavior: numbers are two bytes, distinct, and lead back to their code', () => {
    for (const code of codes) expect(decode(resultCode, encode(resultCode, code))).toBe(code)
    expect(new Set(codes.map((code) => results[code].number)).size).toBe(codes.length)
    expect(() => decode(resultCode, Uint8Array.of(0xff, 0xff))).toThrow(CodecError)
  })

  it('behavior: what was done has no ISO reason, every refusal has one of four characters', () => {
    for (const code of codes) {
      const { iso } = results[code]
      if (isDone(code) || code === 'PARTLY_DONE') expect(iso).toBeUndefined()
      else expect(iso).toMatch(/^[A-Z]{2}[A-Z0-9]{2}$/)
    }
  })

  it('behavior: each says what happened and what to do, in a sentence', () => {
    for (const code of codes) {
      expect(results[code].summary).toMatch(/^[A-Z].*\.$/)
      expect(results[code].action).toMatch(/^[A-Z].*\.$/)
    }
  })

  // Frozen: a number in a receipt keeps its meaning for ever. A new code takes a number that no line here has.
  it('behavior: the numbers are the ones that receipts have carried so far', () => {
    const numbers = Object.fromEntries(codes.map((code) => [results[code].number, code]))
    expect(numbers).toMatchInlineSnapshot(`
      {
        "0": "OK",
        "1": "PARTLY_DONE",
        "112": "HOLD_UNKNOWN",
        "113": "HOLD_EXPIRED",
        "114": "HOLD_AMOUNT_EXCEEDED",
        "115": "HOLD_EXPIRY_INVALID",
        "128": "TICKET_EXPIRY_INVALID",
        "144": "CONTRACT_UNKNOWN",
        "145": "CONTRACT_EXISTS",
        "146": "CONTRACT_PAUSED",
        "147": "CONTRACT_MIGRATING",
        "148": "CONTRACT_ACTION_UNKNOWN",
        "149": "CONTRACT_INPUT_INVALID",
        "150": "CONTRACT_REFUSED",
        "151": "CONTRACT_FAILED",
        "152": "CONTRACT_FUEL_EXCEEDED",
        "153": "CONTRACT_MEMORY_EXCEEDED",
        "154": "CONTRACT_DEPTH_EXCEEDED",
        "155": "CONTRACT_HOST_CALLS_EXCEEDED",
        "156": "CONTRACT_OUTPUT_EXCEEDED",
        "157": "CONTRACT_WRITES_EXCEEDED",
        "158": "CONTRACT_EVENTS_EXCEEDED",
        "159": "CONTRACT_CALL_DEPTH_EXCEEDED",
        "16": "ACTION_NOT_ACTIVE",
        "160": "CONTRACT_REENTERED",
        "161": "CONTRACT_READ_ONLY",
        "162": "CONTRACT_ROW_INVALID",
        "163": "CONTRACT_QUESTION_INVALID",
        "164": "CONTRACT_CODE_INVALID",
        "165": "CONTRACT_MACHINE_OTHER",
        "166": "CONTRACT_LIMIT_TOO_HIGH",
        "167": "CONTRACT_PREPAID_TOO_LOW",
        "168": "BOOKING_MINUTE_FULL",
        "169": "BOOKING_TIME_INVALID",
        "17": "NOT_AUTHORIZED",
        "170": "CONTRACT_NAME_INVALID",
        "171": "FUNDS_EXCEEDED",
        "18": "LIMITS_TOO_LOW",
        "19": "MEMBER_QUOTA_EXCEEDED",
        "2": "ALREADY_DONE",
        "20": "WRONG_PAYER",
        "21": "TICKET_INVALID",
        "3": "GROUP_ABORTED",
        "32": "MEMBER_UNKNOWN",
        "33": "MEMBER_ROLE_MISSING",
        "48": "ACCOUNT_UNKNOWN",
        "49": "ACCOUNT_CLOSED",
        "50": "ACCOUNT_FROZEN",
        "51": "ACCOUNT_EXISTS",
        "52": "ACCOUNT_NOT_EMPTY",
        "53": "ACCOUNT_PARENT_INVALID",
        "54": "POLICY_NOT_SUPPORTED",
        "55": "KEY_NOT_ACCEPTABLE",
        "64": "ASSET_UNKNOWN",
        "65": "ASSET_FROZEN",
        "66": "ASSET_EXISTS",
        "67": "ASSET_KIND_NOT_SUPPORTED",
        "68": "ASSET_INVALID",
        "69": "SUPPLY_EXCEEDED",
        "80": "INSUFFICIENT_FUNDS",
        "81": "SAME_ACCOUNT",
        "82": "AMOUNT_OVERFLOW",
        "83": "ISSUANCE_ACCOUNT_USED",
        "96": "REFERENCE_CONFLICT",
        "97": "REFERENCE_DATE_OUT_OF_WINDOW",
        "98": "REFERENCE_MEMBER_WRONG",
      }
    `)
  })
})
