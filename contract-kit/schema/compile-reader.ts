import { checkChoices, choiceTest } from './choices.ts'
import { FunctionText, member } from './function-text.ts'
import { hasAmount, isAmount, type JsonSchema, type JsonValue } from './json-schema.ts'

/** From JSON to a value of code. It changes what it is given. */
export type Reader = (json: JsonValue) => unknown

/**
 * Makes a function that turns the amounts of a value into bigints. It checks nothing: what it reads was checked by the ledger
 * or written by the kit.
 * @returns `undefined` if there are none.
 */
export function compileReader(schema: JsonSchema): Reader | undefined {
  if (!hasAmount(schema)) return undefined
  const text = new FunctionText()
  addReading(text, schema, 'value')
  return text.compile('value', { Amount: BigInt })
}

/** @param place - Where the value is, and where it is put. */
function addReading(text: FunctionText, schema: JsonSchema, place: string): void {
  const { properties = {}, required = [], items, additionalProperties, anyOf } = schema
  if (isAmount(schema)) text.add(`${place}=Amount(${place})`)
  for (const [name, property] of Object.entries(properties)) {
    const inner = member(place, name)
    const build = (): void => addReading(text, property, inner)
    if (required.includes(name)) build()
    else text.block(`if(${inner}!==undefined)`, build)
  }
  if (items !== undefined) {
    const i = text.name()
    text.block(`for(let ${i}=0;${i}<${place}.length;${i}++)`, () => addReading(text, items, `${place}[${i}]`))
  }
  if (additionalProperties) {
    const name = text.name()
    text.block(`for(let ${name} of Object.keys(${place}))`, () =>
      addReading(text, additionalProperties, `${place}[${name}]`),
    )
  }
  if (anyOf !== undefined) addReadingOfChoice(text, anyOf, place)
}

function addReadingOfChoice(text: FunctionText, choices: readonly JsonSchema[], place: string): void {
  checkChoices(choices)
  const before: string[] = []
  for (const choice of choices) {
    const test = choiceTest(choice, place, 'json')
    text.block(`if(${[...before, test].map((each) => `(${each})`).join('&&')})`, () => addReading(text, choice, place))
    before.push(`!(${test})`)
  }
}
