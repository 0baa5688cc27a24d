/** Lambda entry: `handler.receive` behind the function URL, `handler.start` on the queue, `handler.settle` on ECS events and a schedule. */
import { builtin } from './adapters/registry.ts'
import { createBridge } from './compose.ts'
import type { SqsEvent } from './core/bridge.ts'
import type { FunctionUrlEvent } from './core/http/lambda-url.ts'
import type { EcsEvent } from './core/model/ecs-task.ts'

const bridge = await createBridge({ env: process.env, adapters: builtin })

// Two parameters at most: Node 24 on Lambda refuses a handler that could be a callback one.
export const receive = (event: FunctionUrlEvent) => bridge.receive(event)
export const start = (event: SqsEvent) => bridge.start(event)
export const settle = (event: EcsEvent) => bridge.settle(event)
