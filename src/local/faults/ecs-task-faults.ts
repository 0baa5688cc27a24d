/** The named faults of tasks. Reasons are worded as AWS words them. */
import type { TaskFault } from './ecs-fault-kinds.ts'
import { delayOf, exitCodeOf, type FaultDefinition, type FaultDetail } from './fault-definition.ts'

const after: FaultDetail = {
  placeholder: 'TIME',
  default: '0s',
  description: 'how long the task runs first, such as 400ms or 3s',
}

const failsToStart = (name: string, description: string, reason: string): FaultDefinition => ({
  name,
  description,
  create: () => ({ fault: { kind: 'failed-to-start', reason } }),
})

const startFaults: readonly FaultDefinition[] = [
  failsToStart(
    'eni',
    'the task gets no network interface and never runs',
    'Timeout waiting for network interface provisioning to complete.',
  ),
  failsToStart(
    'pull',
    'the image cannot be pulled',
    'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref app:latest: not found',
  ),
  failsToStart(
    'init',
    'the secrets of the task cannot be fetched',
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed',
  ),
]

const outOfMemory = (afterMs: number): TaskFault => ({
  kind: 'exit',
  exitCode: 137,
  reason: 'OutOfMemoryError: Container killed due to memory usage',
  afterMs,
})
const spotInterruption = (afterMs: number): TaskFault => ({
  kind: 'interrupted',
  stopCode: 'SpotInterruption',
  reason: 'Your Spot Task was interrupted.',
  afterMs,
})
const maintenance = (afterMs: number): TaskFault => ({
  kind: 'interrupted',
  stopCode: 'TerminationNotice',
  reason: 'ECS is performing maintenance on the underlying infrastructure hosting the task.',
  afterMs,
})

const runningFaults: readonly FaultDefinition[] = [
  {
    name: 'oom',
    description: 'the container runs out of memory: exit code 137',
    detail: after,
    create: (time) => ({ fault: outOfMemory(delayOf(time)) }),
  },
  {
    name: 'spot',
    description: 'Spot interrupts the task: SIGTERM, then STOPPED',
    detail: after,
    create: (time) => ({ fault: spotInterruption(delayOf(time)), filter: { capacity: 'FARGATE_SPOT' } }),
  },
  {
    name: 'maintenance',
    description: 'AWS retires the host: SIGTERM, then STOPPED',
    detail: after,
    create: (time) => ({ fault: maintenance(delayOf(time)) }),
  },
  {
    name: 'sidecar',
    description: 'another container exits, which stops the task',
    detail: { placeholder: 'N', default: '1', description: 'the exit code of that container', numeric: true },
    create: (code) => ({ fault: { kind: 'sidecar', name: 'sidecar', exitCode: exitCodeOf(code) } }),
  },
  {
    name: 'agent',
    description: 'AWS adds a container to the task; nothing fails',
    detail: { placeholder: 'N', default: 'none', description: 'the exit code of that container', numeric: true },
    create: (code) => ({
      fault: {
        kind: 'extra-container',
        name: 'aws-guardduty-agent-xyz',
        ...(code !== 'none' && { exitCode: exitCodeOf(code) }),
      },
    }),
  },
  {
    name: 'exit',
    description: 'the container exits with this code, whatever it does',
    detail: { placeholder: 'N', default: '139', description: '0 to 255', numeric: true },
    create: (code) => ({ fault: { kind: 'exit', exitCode: exitCodeOf(code) } }),
  },
]

export const taskFaults: readonly FaultDefinition[] = [...startFaults, ...runningFaults]
