import { jsonText } from '../schema/json-form.ts'
import type { JsonSchema, JsonValue } from '../schema/json-schema.ts'
import { t } from '../schema/t.ts'
import type { AnyCallable, AnyDefinition } from './definition.ts'
import { mapValues, triggerFuelDefault } from './make-contexts.ts'
import type { Manifest, ManifestAction } from './manifest.ts'

export function makeManifest(definition: AnyDefinition): Manifest {
  const { name, description, tables, actions, views, events, schedules, on, migrate } = definition
  return {
    form: 1,
    name,
    ...(description !== undefined && { description }),
    tables: tables as unknown as Manifest['tables'],
    actions: mapValues(actions, callableOf),
    views: mapValues(views, callableOf),
    events: events as Manifest['events'],
    schedules: schedules.map((schedule) => ({
      fuel: triggerFuelDefault,
      ...schedule,
      input: JSON.parse(jsonText(schedule.input ?? {})) as JsonValue,
    })),
    on: on.map((subscription) => ({ fuel: triggerFuelDefault, ...subscription })),
    migrates: migrate !== undefined,
  }
}

const nothing = t.object({}) as JsonSchema

function callableOf({ input, output, description, internal }: AnyCallable): ManifestAction {
  return {
    input: (input as JsonSchema | undefined) ?? nothing,
    ...(output !== undefined && { output: output as JsonSchema }),
    ...(description !== undefined && { description }),
    ...(internal === true && { internal }),
  }
}
