import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Much of what is tested waits for others (Terraform's provider, processes, the queue), so there are more workers than cores. */
const maxWorkers = availableParallelism() + 2

/** Those that take half a minute or more begin first, so that none of them is what all others have to wait for in the end. */
const long = [
  ...[
    'apply.deploy',
    'slack-command.deploy',
    'terraform.shipped',
    'doctor/doctor',
    'browser',
    'concurrency',
    'redos-check',
  ],
  ...['cli/dev', 'crash-at-every-call', 'faults/faults', 'soak', 'simulation'],
]
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((name) => moduleId.endsWith(`${name}.test.ts`))
      return at < 0 ? long.length : at
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

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
    sequence: { sequencer: LongFirst },
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
