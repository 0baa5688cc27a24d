/** An action, and what a fault makes of it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EcsAction } from '../faults/ecs-fault-kinds.ts'
import type { Circumstances } from '../faults/fault-kinds.ts'
import type { Action, Answer, Api } from './action.ts'
import { ApiError } from './errors.ts'

/** @throws {ApiError} */
export async function callWithFaults(name: EcsAction, action: Action, input: unknown, api: Api): Promise<Answer> {
  const fault = api.faults.take('call', { action: name, ...placeOf(input) })
  if (fault?.kind === 'error') throw new ApiError(fault.type, fault.message, fault.status)
  if (fault?.kind === 'dropped') return { kind: 'lost' }
  const answer = await action(input, api, fault?.kind === 'failure' ? fault : undefined)
  switch (fault?.kind) {
    case 'lost':
      return { kind: 'lost' }
    case 'garbled':
      return answer.kind === 'body' ? { ...answer, kind: 'garbled', how: fault.how } : answer
    case 'delay':
      await sleep(fault.ms, undefined, { signal: api.world.closing })
      return answer
    default:
      return answer
  }
}

/** Where a RunTask asks to run; read before anything is checked, so everything may be missing. */
export function placeOf(input: unknown): Pick<Circumstances, 'subnets' | 'capacity'> {
  const { launchType, capacityProviderStrategy, networkConfiguration } = (input ?? {}) as {
    launchType?: string
    capacityProviderStrategy?: readonly { capacityProvider?: string }[]
    networkConfiguration?: { awsvpcConfiguration?: { subnets?: readonly string[] } }
  }
  const capacity = launchType ?? capacityProviderStrategy?.[0]?.capacityProvider
  const subnets = networkConfiguration?.awsvpcConfiguration?.subnets
  return { ...(capacity !== undefined && { capacity }), ...(subnets !== undefined && { subnets }) }
}
