import { defineContract, t, table } from '@tallystick/contract-kit'

const meter = t.string({ maxLength: 32 })
const wattHours = t.integer({ minimum: 0 })
const readings = table({ key: ['meter'], schema: t.object({ meter, total: t.integer(), readings: t.integer() }) })

/** Adds to the reading of an energy meter: one row is read and written. */
export const contract = defineContract({
  name: 'meter',
  tables: { readings },
  actions: {
    add: {
      input: t.object({ meter, wattHours }),
      run(ctx, { meter, wattHours }) {
        const { total, readings } = ctx.tables.readings.get(meter) ?? { total: 0, readings: 0 }
        ctx.tables.readings.put({ meter, total: total + wattHours, readings: readings + 1 })
      },
    },
  },
})
