import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Much of what is tested waits for others (Terraform's provider, processes, the queue), so there are more workers than cores. */
const maxWorkers = availableParallelism() + 2

/** CommonJS packages look to the tests as they look to Node, not as they look to a bundler. */
const common = { testTimeout: 20_000, hookTimeout: 60_000, deps: { interopDefault: false } }

/** What is tested as it is shipped needs a build before it. */
const shipped = [
  'test/cli/**/*.test.ts',
  'test/examples/**/*.test.ts',
  'test/integration/**/*.test.ts',
  'test/deploy/*.shipped.test.ts',
]

/** Whole deployments, in minutes: `npm run test:deploy`. */
const deployed = ['test/deploy/*.deploy.test.ts']

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      { test: { name: 'source', include: ['test/**/*.test.ts'], exclude: [...shipped, ...deployed], ...common } },
      { test: { name: 'deploy', include: deployed, globalSetup: ['test/support/build.ts'], ...common } },
      // Processes take their time where all cores are busy: npx alone five seconds, where nobody is.
      {
        test: {
          ...{ name: 'shipped', include: shipped, globalSetup: ['test/support/build.ts'] },
          ...{ ...common, testTimeout: 90_000 },
        },
      },
    ],
  },
})
