/**
 * The text of a function of `value`, as it grows. What it says comes from schemas alone, and names in it are quoted. It is kept
 * short, with names of a letter: to parse a character takes as much fuel as to run a statement.
 */
export class FunctionText {
  #text = ''
  #names = 0

  /** A name that no other variable has; names that begin with a capital letter are for what the function uses. */
  name(): string {
    const n = this.#names++
    return n < 26 ? String.fromCharCode(97 + n) : `v${n}`
  }

  add(statement: string): void {
    this.#text += `${statement};`
  }

  /** What `build` adds, between braces, after a head such as `if(…)`; nothing if it adds nothing. */
  block(head: string, build: () => void): void {
    const before = this.#text
    this.#text = ''
    build()
    this.#text = this.#text === '' ? before : `${before}${head}{${this.#text}}`
  }

  /**
   * Compiles it. A function for each schema takes half the fuel in every call of one that walks the schema.
   * @param result - The expression that it returns. @param uses - What it may use beside the language's own.
   */
  compile<T>(result: string, uses: Readonly<Record<string, unknown>>): T {
    const make = new Function(...Object.keys(uses), `'use strict';return(value)=>{${this.#text}return ${result}}`)
    return make(...Object.values(uses)) as T
  }
}

/** A property of a variable. @throws {TypeError} if every object has one of that name. */
export function member(variable: string, name: string): string {
  const quoted = propertyName(name)
  return quoted === name ? `${variable}.${name}` : `${variable}[${quoted}]`
}

/** As it stands in an object. @throws {TypeError} if every object has one of that name. */
export function propertyName(name: string): string {
  if (name in {}) throw new TypeError(`a property can not be named ${name}`)
  return /^[A-Za-z]\w*$/.test(name) ? name : JSON.stringify(name)
}
