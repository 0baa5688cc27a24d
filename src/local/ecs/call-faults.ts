/** Performs an action with the fault that is pending for it, if there is one. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EcsAction } from '../faults/ecs-fault-kinds.ts'
import type { FaultContext } from '../faults/fault-kinds.ts'
import type { Action, ActionResult, EcsApi } from './action.ts'
import { ApiError } from './errors.ts'

/** @throws {ApiError} */
export async function callWithFaults(
  name: EcsAction,
  action: Action,
  input: unknown,
  api: EcsApi,
): Promise<ActionResult> {
  const fault = api.faults.take('call', { action: name, ...placeOf(input) })
  if (fault?.kind === 'error') throw new ApiError(fault.type, fault.message, fault.status)
  if (fault?.kind === 'dropped') return { kind: 'lost' }
  const result = await action(input, api, fault?.kind === 'failure' ? fault : undefined)
  switch (fault?.kind) {
    case 'lost':
      return { kind: 'lost' }
    case 'garbled':
      return result.kind === 'body' ? { ...result, kind: 'garbled', how: fault.how } : result
    case 'delay':
      await sleep(fault.ms, undefined, { signal: api.environment.closing })
      return result
    default:
      return result
  }
}

/** Where RunTask asks to run. The input is not validated yet, so anything can be missing. */
export function placeOf(input: unknown): Pick<FaultContext, 'subnets' | 'capacity'> {
  const { launchType, capacityProviderStrategy, networkConfiguration } = (input ?? {}) as {
    launchType?: string
    capacityProviderStrategy?: readonly { capacityProvider?: string }[]
    networkConfiguration?: { awsvpcConfiguration?: { subnets?: readonly string[] } }
  }
  const capacity = launchType ?? capacityProviderStrategy?.[0]?.capacityProvider
  const subnets = networkConfiguration?.awsvpcConfiguration?.subnets
  return { ...(capacity !== undefined && { capacity }), ...(subnets !== undefined && { subnets }) }
}
