/** The simulated deployment: tasks of every kind, and two senders, one of which edits its messages. */
import { compileConfig } from '../../src/config/compile.ts'
import { secretReferences } from '../../src/config/fields.ts'
import type { AdapterSpec } from '../../src/config/spec.ts'
import type { Config } from '../../src/core/model/config.ts'

export const sources = ['caller', 'editor'] as const

const task = (name: string, more = ''): string => `
  ${name}:
    cluster: c
    taskDefinition: ${name}
    subnets: [a, b]
    capacity: [FARGATE_SPOT, FARGATE]
    params: { who: { type: string } }
    ${more}`

const limited = (limit: number, whenFull: string): string =>
  `concurrency: { group: "\${params.who}", limit: ${limit}, whenFull: ${whenFull} }`

/** The tasks, by the event that starts them. `two` matches two routes, so it starts two runs. */
export const events = ['plain', 'timed', 'one', 'pair', 'newest', 'refusing', 'voted', 'two'] as const

const routes = (source: string): string => `
  - { on: ${source}, event: [plain, two], run: plain }
  - { on: ${source}, event: timed, run: timed }
  - { on: ${source}, event: [one, two], run: one }
  - { on: ${source}, event: pair, run: pair }
  - { on: ${source}, event: newest, run: newest }
  - { on: ${source}, event: refusing, run: refusing }
  - { on: ${source}, event: voted, run: voted, approval: { from: [judge], expires: 15m } }`

const yaml = `
sources:
  ${sources.map((name) => `${name}: { adapter: simulated, secret: "env:S" }`).join('\n  ')}
tasks:
  ${task('plain')}
  ${task('timed', 'timeout: 5m')}
  ${task('one', limited(1, 'queue'))}
  ${task('pair', `container: app\n    ${limited(2, 'queue')}`)}
  ${task('newest', limited(1, 'cancel-oldest'))}
  ${task('refusing', limited(1, 'reject'))}
  ${task('voted', limited(1, 'queue'))}
routes:
  ${sources.map(routes).join('')}
`

const simulated: AdapterSpec = {
  title: 'Simulated',
  entries: { secret: secretReferences },
  secret: 'secret',
  tokens: [],
  filters: ['event', 'approval'],
  givesParams: true,
}

export const config: Config = compileConfig(yaml, { simulated })
