import { defineConfig } from 'vitest/config'

/** Stryker runs these tests for each mutant: those of core that need only the code. Three files that need a server or a clock are excluded. */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts'],
    exclude: ['test/core/{launch/launch,store/dynamodb-ledger,http/callback-guard}.test.ts'],
    isolate: false,
    deps: { interopDefault: false },
  },
})
