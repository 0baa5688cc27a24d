/** Services for tests of single steps: what a test does not give fails as soon as it is used. */
import type { Adapter, SourceConfig } from '../../src/core/adapter.ts'
import type { Ecs } from '../../src/core/aws/ecs.ts'
import type { ClaimedRun, NewRun } from '../../src/core/model/run-record.ts'
import type { Services, Source } from '../../src/core/services.ts'
import type { Ledger } from '../../src/core/store/ledger.ts'
import { createLog } from '../../src/core/telemetry/log.ts'

const unused = (): never => {
  throw new Error('this test does not expect that call')
}

const unusedEcs: Ecs = { runTask: unused, describeTask: unused, stopTask: unused, findContainer: unused }

export const unusedLedger: Ledger = {
  ...{ open: unused, read: unused, readPublic: unused, recent: unused, dueForReview: unused },
  ...{ claim: unused, beginAttempt: unused, recordLaunch: unused, enqueue: unused, promote: unused },
  ...{ updatePlace: unused, recordOutcome: unused, failToStart: unused, cancel: unused, cancelClaimed: unused },
  ...{ expire: unused, approve: unused, reject: unused, recordProgress: unused, claimNotification: unused },
  ...{ recordNotification: unused, scheduleReview: unused, close: unused },
}

export const ecsWith = (ecs: Partial<Ecs>): Services['ecs'] => {
  const one: Ecs = { ...unusedEcs, findContainer: async () => ({ kind: 'found', name: 'app' }), ...ecs }
  return async () => one
}

export const sourceWith = (name: string, adapter: Partial<Adapter> = {}): Source => {
  const config: SourceConfig = { name, adapter: name, secret: ['env:S'], tokens: {}, options: {} }
  return { config, adapter: { verify: unused, translate: unused, updateStatus: async () => undefined, ...adapter } }
}

export const servicesWith = (given: Partial<Services> & Pick<Services, 'ledger' | 'now'>): Services => ({
  sources: new Map([['partner', sourceWith('partner')]]),
  tasks: new Map(),
  routes: [],
  groups: { enter: unused, leave: unused },
  rates: { take: unused },
  pauses: { of: async () => undefined },
  queue: { send: async () => {}, retryLater: async () => {} },
  ecs: ecsWith({}),
  secrets: {
    byAge: async () => ({ current: ['k'], others: [] }),
    all: async () => ['k'],
    current: async () => 'k',
    refresh: async () => {},
  },
  tokenKeyReference: 'env:K',
  reportThrottle: () => true,
  log: createLog('silent'),
  unique: unused,
  fetch: unused,
  fetchPublic: unused,
  ...given,
})

export const newRun = (run: string, createdAt: number, more: Partial<NewRun> = {}): NewRun => ({
  ...{
    run,
    source: 'partner',
    event: 'e',
    deliveryId: '',
    actor: 'a',
    origin: 'https://x',
    replyAddress: null,
    createdAt,
  },
  plan: {
    ...{ task: 'analyze', route: 'r', params: {}, container: 'app', timeout: undefined, env: [] },
    settings: {
      ...{ name: 'analyze', cluster: 'c', taskDefinition: 't', subnets: ['s'] },
      ...{ assignPublicIp: 'DISABLED', capacity: ['FARGATE'] },
    },
  },
  ...more,
})

export const leaseMs = 90_000

/** @throws {Error} if it cannot be claimed */
export async function claim(ledger: Ledger, run: string, now: number): Promise<ClaimedRun> {
  const found = await ledger.claim({ run, now, leaseUntil: now + leaseMs })
  if (found.kind !== 'claimed') throw new Error(found.kind)
  return found.row
}
