/** doctor only reads, and docs/doctor.md lists what it must be allowed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** Package of the SDK → prefix in IAM. */
const prefixes: Readonly<Record<string, string>> = {
  'cloudwatch-logs': 'logs',
  dynamodb: 'dynamodb',
  ec2: 'ec2',
  ecs: 'ecs',
  eventbridge: 'events',
  iam: 'iam',
  lambda: 'lambda',
  'secrets-manager': 'secretsmanager',
  sqs: 'sqs',
  sts: 'sts',
}

const source = readdirSync('src/doctor', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join('src/doctor', name), 'utf8'))
  .join('\n')

/** `lambda:GetPolicy` of every command that is imported. */
const actions = [...source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)].flatMap(
  ([, names = '', client = '']) =>
    [...names.matchAll(/\b(\w+)Command\b/g)].map(([, name]) => `${prefixes[client]}:${name}`),
)

it('calls nothing that writes', () => {
  expect(actions.length).toBeGreaterThan(20)
  expect(actions.filter((action) => !/:(Get|List|Describe|Filter|Simulate)/.test(action))).toEqual([])
})

it('needs what docs/doctor.md says, and nothing else', () => {
  const listed = [...readFileSync('docs/doctor.md', 'utf8').matchAll(/"(\w+:\w+)"/g)].map(([, action]) => action)
  expect(listed.sort()).toEqual([...new Set(actions)].sort())
})
