import { defineConfig } from 'vitest/config'

/** What Stryker runs for each mutant: the tests of the core that need nothing but the code. */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts'],
    exclude: ['test/core/{launch/launch,store/dynamodb-ledger,http/public-fetch}.test.ts'],
    deps: { interopDefault: false },
  },
})
