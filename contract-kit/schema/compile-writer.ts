import { checkChoices, choiceTest } from './choices.ts'
import { FunctionText, propertyName } from './function-text.ts'
import { fixedLength, isAmount, type JsonSchema, type JsonValue } from './json-schema.ts'
import { type Checked, failChecked, failOther, isLongerThan, isShorterThan } from './value-checks.ts'

/** From a value of code to JSON; the value stays as it was. @throws {Refusal} VALUE_INVALID, naming the field. */
export type Writer = (value: unknown) => JsonValue

/** What the function of a writer uses, by the names that it has there. */
const uses = { End: 2n ** 128n, Int: Number.isSafeInteger, Long: isLongerThan, Short: isShorterThan, Text: String }

/**
 * Makes a function that checks a value and turns its amounts into texts. Properties come in the order of the schema, so equal
 * values give equal texts. Of ids and days it looks at the length alone.
 * @param what - What the value is, for the message: `deals` gives `deals.buyer: …`.
 */
export function compileWriter(schema: JsonSchema, what: string): Writer {
  const writing = new Writing()
  const result = writing.value(schema, 'value', what)
  const Fail = (check: number, value: unknown, ...at: unknown[]): never =>
    failChecked(writing.checked[check]!, value, at)
  const Other = (check: number, value: object, ...at: unknown[]): void => failOther(writing.checked[check]!, value, at)
  return writing.text.compile(result, { ...uses, Fail, Other })
}

class Writing {
  readonly text = new FunctionText()
  /** What is checked, for the message of a failure. */
  readonly checked: Checked[] = []
  /** Variables that say which element of each list is looked at. */
  readonly #at: string[] = []

  /**
   * Adds the checks of a value.
   * @param value - A variable. @param path - Where it is; elements of lists are `*`.
   * @returns an expression for its JSON.
   */
  value(schema: JsonSchema, value: string, path: string): string {
    const { type, enum: values, anyOf } = schema
    if (schema.const !== undefined)
      return this.#expect(schema, value, path, `${value}===${JSON.stringify(schema.const)}`)
    if (values !== undefined) return this.#expect(schema, value, path, `${JSON.stringify(values)}.includes(${value})`)
    if (anyOf !== undefined) return this.#choice(anyOf, schema, value, path)
    switch (type) {
      case 'null':
        return this.#expect(schema, value, path, `${value}===null`)
      case 'boolean':
        return this.#expect(schema, value, path, `typeof ${value}=='boolean'`)
      case 'integer':
        return this.#expect(schema, value, path, integerTest(schema, value))
      case 'string':
        return isAmount(schema)
          ? `Text(${this.#expect(schema, value, path, `typeof ${value}=='bigint'&&${value}>=0n&&${value}<End`)})`
          : this.#expect(schema, value, path, textTest(schema, value))
      case 'array':
        return this.#array(schema, value, path)
      case 'object':
        return schema.additionalProperties ? this.#record(schema, value, path) : this.#object(schema, value, path)
      default:
        throw new TypeError(`${path}: a schema has neither type, const, enum nor anyOf`)
    }
  }

  #expect(schema: JsonSchema, value: string, path: string, isRight: string): string {
    this.text.add(`${isRight}||${this.#failure('Fail', schema, value, path)}`)
    return value
  }

  #failure(name: 'Fail' | 'Other', schema: JsonSchema, value: string, path: string): string {
    const check = this.checked.push({ path, schema }) - 1
    return `${name}(${[check, value, ...this.#at].join(',')})`
  }

  #array(schema: JsonSchema, value: string, path: string): string {
    const { items, minItems, maxItems } = schema
    const isRight = [`Array.isArray(${value})`]
    if (minItems !== undefined) isRight.push(`${value}.length>=${minItems}`)
    if (maxItems !== undefined) isRight.push(`${value}.length<=${maxItems}`)
    this.#expect(schema, value, path, isRight.join('&&'))
    const [copy, i, item] = [this.text.name(), this.text.name(), this.text.name()]
    this.text.add(`let ${copy}=[]`)
    this.text.block(`for(let ${i}=0;${i}<${value}.length;${i}++)`, () => {
      this.text.add(`let ${item}=${value}[${i}]`)
      this.#inside(i, () => this.text.add(`${copy}.push(${this.value(items!, item, `${path}[*]`)})`))
    })
    return copy
  }

  #object(schema: JsonSchema, value: string, path: string): string {
    const { properties = {}, required = [] } = schema
    // A list lacks what is required.
    this.#expect(schema, value, path, required.length > 0 ? objectTest(value) : dictionaryTest(value))
    const names = Object.keys(properties)
    const variables = names.map(() => this.text.name())
    if (names.length > 0) {
      this.text.add(`let{${names.map((name, i) => `${propertyName(name)}:${variables[i]}`).join()}}=${value}`)
    }
    // Only if the properties are too many it is found out which one is not known.
    const [count, name] = [this.text.name(), this.text.name()]
    const optional = names.flatMap((each, i) => (required.includes(each) ? [] : [`(${variables[i]}!==undefined)`]))
    const known = [required.length, ...optional].join('+')
    this.text.add(`let ${count}=0,${name};for(${name} in ${value})${count}++`)
    this.text.add(`${count}>${known}&&${this.#failure('Other', schema, value, path)}`)
    const written = names.map((each, i) => {
      const write = required.includes(each) ? this.value : this.#optional
      return `${propertyName(each)}:${write.call(this, properties[each]!, variables[i]!, `${path}.${each}`)}`
    })
    return `{${written.join()}}`
  }

  #optional(schema: JsonSchema, value: string, path: string): string {
    const json = this.text.name()
    this.text.add(`let ${json}`)
    this.text.block(`if(${value}!==undefined)`, () => this.text.add(`${json}=${this.value(schema, value, path)}`))
    return json
  }

  #record(schema: JsonSchema, value: string, path: string): string {
    this.#expect(schema, value, path, dictionaryTest(value))
    const [copy, name, item] = [this.text.name(), this.text.name(), this.text.name()]
    // Without a prototype, a property named __proto__ is one as any other.
    this.text.add(`let ${copy}=Object.create(null)`)
    this.text.block(`for(let ${name} in ${value})`, () => {
      this.text.add(`let ${item}=${value}[${name}];if(${item}===undefined)continue`)
      const values = schema.additionalProperties as JsonSchema
      this.#inside(name, () => this.text.add(`${copy}[${name}]=${this.value(values, item, `${path}[*]`)}`))
    })
    return copy
  }

  #inside(at: string, build: () => void): void {
    this.#at.push(at)
    build()
    this.#at.pop()
  }

  #choice(choices: readonly JsonSchema[], schema: JsonSchema, value: string, path: string): string {
    checkChoices(choices)
    const json = this.text.name()
    this.text.add(`let ${json}`)
    choices.forEach((choice, i) => {
      this.text.block(`${i === 0 ? '' : 'else '}if(${choiceTest(choice, value, 'code')})`, () =>
        this.text.add(`${json}=${this.value(choice, value, path)}`),
      )
    })
    this.text.add(`else ${this.#failure('Fail', schema, value, path)}`)
    return json
  }
}

function objectTest(value: string): string {
  return `typeof ${value}=='object'&&${value}!==null`
}

function dictionaryTest(value: string): string {
  return `${objectTest(value)}&&!Array.isArray(${value})`
}

function integerTest({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema, value: string): string {
  const isRight = [`Int(${value})`]
  if (minimum !== undefined) isRight.push(`${value}>=${minimum}`)
  if (maximum !== undefined) isRight.push(`${value}<=${maximum}`)
  if (exclusiveMinimum !== undefined) isRight.push(`${value}>${exclusiveMinimum}`)
  if (exclusiveMaximum !== undefined) isRight.push(`${value}<${exclusiveMaximum}`)
  return isRight.join('&&')
}

function textTest(schema: JsonSchema, value: string): string {
  const { minLength, maxLength } = schema
  const isRight = [`typeof ${value}=='string'`]
  const length = fixedLength(schema)
  if (length !== undefined) isRight.push(`${value}.length==${length}`)
  if (minLength !== undefined) isRight.push(`!Short(${value},${minLength})`)
  // A text has at least as many units as characters, so most are not counted.
  if (maxLength !== undefined) isRight.push(`(${value}.length<=${maxLength}||!Long(${value},${maxLength}))`)
  return isRight.join('&&')
}
