/**
 * The remainder by 97 of letters and digits, a letter standing for 10 (A) to 35 (Z), as ISO 7064 MOD 97-10 counts.
 * The text must be of A–Z and 0–9.
 */
export function remainder97(text: string): number {
  let remainder = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    remainder = code <= 57 ? (remainder * 10 + code - 48) % 97 : (remainder * 100 + code - 55) % 97
  }
  return remainder
}

/** The two check digits that make `text` followed by them leave the remainder 1: 02 to 98. */
export function checkDigits97(text: string): string {
  return String(98 - remainder97(`${text}00`)).padStart(2, '0')
}
