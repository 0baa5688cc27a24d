/** Timeout, memory and description of each Lambda function. Keep in step with `local.functions` in infra/terraform/main.tf. */
import type { FunctionName } from '../../src/deploy/function-policies.ts'

/** Seconds. `?wait=` takes at most 20 s, RunTask may be called for several places at one second each, a sweep checks up to 100 runs. */
export const timeouts: Readonly<Record<FunctionName, number>> = { receive: 30, start: 60, settle: 120 }

/** MB. More memory means more CPU: receive must answer Slack within 3 s, cold start included. */
export const memory: Readonly<Record<FunctionName, number>> = { receive: 512, start: 256, settle: 256 }

export const descriptions: Readonly<Record<FunctionName, string>> = {
  receive: 'Serves the function URL: verifies, records, queues and answers deliveries',
  start: 'Reads the queue: starts tasks and acts on runs',
  settle: 'Handles ECS events and the sweep: records results and notifies senders',
}
