/** The named faults of ECS API calls. Messages are worded as AWS words them. */
import type { CallFault } from './ecs-fault-kinds.ts'
import {
  actionOf,
  delayOf,
  type FaultDefinition,
  type FaultDetail,
  FaultError,
  type ResolvedFault,
} from './fault-definition.ts'

const noCapacity = 'Capacity is unavailable at this time. Please try again later or in a different availability zone'
const vcpuLimit =
  "You've reached the limit on the number of vCPUs you can run concurrently. Request a limit increase and try again."

const error = (type: string, message: string, status = 400): CallFault => ({ kind: 'error', type, message, status })

const where: FaultDetail = {
  placeholder: 'WHERE',
  default: 'everywhere',
  description: 'a subnet, FARGATE or FARGATE_SPOT',
}
const whichAction: FaultDetail = {
  placeholder: 'ACTION',
  default: 'RunTask',
  description: 'StopTask, DescribeTasks …',
}

function atPlace(fault: CallFault, place: string): ResolvedFault {
  if (place === where.default) return { fault }
  return { fault, filter: /^FARGATE|^EC2$/.test(place) ? { capacity: place } : { subnet: place } }
}

/** A fault of any action. */
const anyCall = (name: string, description: string, fault: CallFault): FaultDefinition => ({
  name,
  description,
  detail: whichAction,
  create: (action) => ({ fault, filter: { action: actionOf(action) } }),
})

function unavailable(status: string): CallFault {
  if (status === '429') return error('TooManyRequestsException', 'Too Many Requests', 429)
  if (status === '503') return error('ServiceUnavailableException', 'Service Unavailable', 503)
  throw new FaultError(`"${status}" is not a valid status; use 503 or 429`)
}

const refusals: readonly FaultDefinition[] = [
  {
    name: 'capacity',
    description: 'RunTask finds no capacity (failures[])',
    detail: where,
    create: (place) => atPlace({ kind: 'failure', reason: noCapacity }, place),
  },
  {
    name: 'capacity-error',
    description: 'RunTask finds no capacity (ClientException)',
    detail: where,
    create: (place) => atPlace(error('ClientException', noCapacity), place),
  },
  {
    name: 'failure',
    description: 'RunTask returns another reason in failures[]',
    detail: { placeholder: 'REASON', default: 'RESOURCE:ENI', description: 'RESOURCE:CPU, AGENT, MISSING …' },
    create: (reason) => ({ fault: { kind: 'failure', reason } }),
  },
  anyCall('throttle', 'the call is throttled (ThrottlingException)', error('ThrottlingException', 'Rate exceeded')),
  anyCall(
    'throttle-hidden',
    'the call is throttled (InvalidParameterException)',
    error('InvalidParameterException', 'Rate exceeded'),
  ),
  {
    name: 'busy',
    description: 'RunTask is temporarily unavailable',
    detail: { placeholder: 'STATUS', default: '503', description: '503 or 429', numeric: true },
    create: (status) => ({ fault: unavailable(status) }),
  },
  {
    name: 'quota',
    description: 'RunTask fails: the vCPU limit is reached',
    create: () => ({ fault: error('ClientException', vcpuLimit) }),
  },
  anyCall(
    'denied',
    'the call is denied (AccessDeniedException)',
    error('AccessDeniedException', 'User is not authorized to perform this action'),
  ),
  {
    name: 'error',
    description: 'RunTask fails with an exception that you name',
    detail: { placeholder: 'TYPE', default: 'ServerException', description: 'BlockedException …' },
    create: (type) => ({ fault: error(type, 'An injected fault', /^Server/.test(type) ? 500 : 400) }),
  },
]

const transportFaults: readonly FaultDefinition[] = [
  {
    name: 'slow',
    description: 'RunTask responds late',
    detail: { placeholder: 'TIME', default: '3s', description: 'how late, such as 400ms or 3s' },
    create: (time) => ({ fault: { kind: 'delay', ms: delayOf(time) } }),
  },
  anyCall('no-connection', 'the connection drops before the call is processed', { kind: 'dropped' }),
  anyCall('lost-answer', 'the call succeeds, but its response is lost', { kind: 'lost' }),
  anyCall('half-answer', 'the call succeeds, but its response is cut off', { kind: 'garbled', how: 'half' }),
  anyCall('not-json', 'the call succeeds, but its response is not JSON', { kind: 'garbled', how: 'not-json' }),
]

export const callFaults: readonly FaultDefinition[] = [...refusals, ...transportFaults]
