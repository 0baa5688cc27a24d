/**
 * One process that runs the three handlers, with what triggers them in AWS: a function URL, the queue, ECS events over HTTP, and a sweep
 * each second. It can be killed at any moment, so it keeps no state. Started by supervisor.ts.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { SQSClient } from '@aws-sdk/client-sqs'
import { builtin } from '../../src/adapters/registry.ts'
import { createBridge } from '../../src/compose.ts'
import type { EcsEvent } from '../../src/core/model/ecs-task.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { createFunctionUrlServer } from '../../src/local/function-url.ts'
import { startPoller } from '../../src/local/queue-poller.ts'

const { env } = process
/** Milliseconds by which the clock was advanced. A new instance starts with that of the others. */
let clockOffset = Number(env.SOAK_CLOCK_OFFSET ?? 0)
const log = createLog('warn')
const bridge = await createBridge({ adapters: builtin, env, log, now: () => Date.now() + clockOffset, fetch })

/** Batches that are processed at the same time. */
const pollers = 2
const sweepIntervalMs = 1000
const sqs = new SQSClient({
  endpoint: String(env.AWS_ENDPOINT_URL_SQS),
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
})
for (let at = 0; at < pollers; at++)
  startPoller(sqs, String(env.TASKHOOK_QUEUE_URL), bridge.start, (error) =>
    log.error('the queue could not be read', { error }),
  )

async function sweepForever(): Promise<never> {
  for (;;) {
    await sleep(sweepIntervalMs)
    await bridge
      .settle({ 'detail-type': 'Scheduled Event' })
      .catch((error: unknown) => log.error('a sweep failed', { error }))
  }
}
void sweepForever()

const settleServer = createServer(async (request, response) => {
  try {
    const body = await json(request)
    if (request.url === '/clock') clockOffset = Number(body)
    else await bridge.settle(body as EcsEvent)
    response.end()
  } catch (error) {
    log.error('an event failed', { error })
    response.writeHead(500).end()
  }
})

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
const [receive, settle] = await Promise.all([listen(createFunctionUrlServer(bridge.receive)), listen(settleServer)])
process.send?.({ receive, settle })
// Without its supervisor it has nothing to do.
process.once('disconnect', () => process.exit(1))
