import { defineConfig } from 'vitest/config'

/**
 * Stryker runs these tests for each mutant: those of core that need only the code. Four files that need a server or a clock are excluded.
 * Files do not share their modules, since a mutant of a constant takes effect when its module is loaded.
 */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts'],
    exclude: ['test/core/{launch/launch,store/dynamodb-ledger,http/callback-guard,http/signature-cost}.test.ts'],
    testTimeout: 60_000,
    deps: { interopDefault: false },
  },
})
