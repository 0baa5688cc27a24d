import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** More workers than cores, because many tests wait: for Terraform's provider, for processes, for the queue. */
const maxWorkers = availableParallelism() + 2

/** Files that take half a minute or more start first, so that no slow file is left to the end. */
const slowFiles = [
  ...[
    'apply.deploy',
    'slack-command.deploy',
    'terraform.shipped',
    'doctor/doctor',
    'browser',
    'concurrency-load',
    'redos-check',
  ],
  ...['cli/dev', 'crash-at-every-call', 'faults/faults', 'soak', 'simulation'],
]
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = slowFiles.findIndex((name) => moduleId.endsWith(`${name}.test.ts`))
      return at < 0 ? slowFiles.length : at
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

/** Tests see CommonJS packages as Node does, not as a bundler does. */
const common = { testTimeout: 60_000, hookTimeout: 60_000, deps: { interopDefault: false } }

/** Tests of what ships need a build first. */
const shipped = [
  'test/cli/**/*.test.ts',
  'test/examples/**/*.test.ts',
  'test/integration/**/*.test.ts',
  'test/deploy/*.shipped.test.ts',
]

/** Whole deployments, which take minutes: `npm run test:deploy`. */
const deployed = ['test/deploy/*.deploy.test.ts']

/** Tests of what has been loaded, which need modules of their own. */
const isolated = ['test/**/*.isolated.test.ts']

export default defineConfig({
  test: {
    maxWorkers,
    sequence: { sequencer: SlowFirst },
    projects: [
      // The files share their modules: loading them for each file takes more time than the tests.
      {
        test: {
          ...{ name: 'source', include: ['test/**/*.test.ts'], exclude: [...shipped, ...deployed, ...isolated] },
          ...{ ...common, isolate: false },
        },
      },
      { test: { name: 'isolated', include: isolated, ...common } },
      { test: { name: 'deploy', include: deployed, globalSetup: ['test/support/build.ts'], ...common } },
      // Starting a process is slow on a busy machine: npx alone takes five seconds on an idle one.
      {
        test: {
          ...{ name: 'shipped', include: shipped, globalSetup: ['test/support/build.ts'] },
          ...{ ...common, testTimeout: 90_000 },
        },
      },
    ],
  },
})
