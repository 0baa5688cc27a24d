/** A task, the context of a run and its parameters. */
import type { TaskConfig } from '../../../src/core/model/config.ts'
import type { PlanContext } from '../../../src/core/routing/make-plan.ts'

export const task = (more: Partial<TaskConfig> = {}): TaskConfig => ({
  name: 'analyze',
  cluster: 'analytics',
  taskDefinition: 'analyze:7',
  container: 'app',
  subnets: ['subnet-a', 'subnet-b'],
  securityGroups: ['sg-1'],
  assignPublicIp: 'DISABLED',
  capacity: ['FARGATE_SPOT', 'FARGATE'],
  params: {
    dataset: { type: 'string', env: 'DATASET' },
    depth: { type: 'integer', env: 'DEPTH' },
    dry: { type: 'boolean', env: 'DRY_RUN' },
  },
  ...more,
})
export const run = '0123456789abcdef0123'
export const context: PlanContext = { run, route: 'github/analyze', source: 'github', event: 'push', actor: 'ann' }
export const params = { dry: false, depth: 3, dataset: 'sales' }
