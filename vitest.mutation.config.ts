import { defineConfig } from 'vitest/config'

/** Stryker runs these tests for each mutant: those of core that need only the code. Four files that need a server or a clock are excluded. */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts'],
    exclude: ['test/core/{launch/launch,store/dynamodb-ledger,http/callback-guard,http/signature-cost}.test.ts'],
    isolate: false,
    testTimeout: 60_000,
    deps: { interopDefault: false },
  },
})
