/** The Lambda entry: `handler.receive` for the function URL, `handler.start` for the queue, `handler.settle` for ECS events and the schedule. */
import { builtin } from './adapters/registry.ts'
import { createBridge } from './compose.ts'
import type { SqsEvent } from './core/bridge.ts'
import type { FunctionUrlEvent } from './core/http/lambda-url.ts'
import type { EcsEvent } from './core/model/ecs-task.ts'

const bridge = await createBridge({ env: process.env, adapters: builtin })

// Two parameters at most: on Node 24, Lambda rejects a handler that could be a callback handler.
export const receive = (event: FunctionUrlEvent) => bridge.receive(event)
export const start = (event: SqsEvent) => bridge.start(event)
export const settle = (event: EcsEvent) => bridge.settle(event)
