import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The kit is loaded as it is, which is faster than transforming it.
  test: { server: { deps: { external: [/\/(contract-kit|core)\/dist\//] } } },
})
