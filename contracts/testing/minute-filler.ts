import { defineContract, t } from '@tallystick/contract-kit'

/** Books so many calls of a minute that it has no room for others. */
export const contract = defineContract({
  name: 'minute-filler',
  actions: {
    fill: {
      input: t.object({ atMs: t.integer(), count: t.integer(), fuel: t.integer() }),
      run(ctx, { atMs, count, fuel }) {
        for (let i = 0; i < count; i++) ctx.schedule({ action: 'idle', atMs, fuel })
      },
    },
    idle: { internal: true, run() {} },
  },
})
