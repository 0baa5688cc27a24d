/**
 * One life of the process that runs the three handlers, as Lambda and what wakes it: HTTP in front, the queue, ECS' events over HTTP, a
 * sweep each second. It is killed at any moment, so it keeps nothing. Started by keeper.ts.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { SQSClient } from '@aws-sdk/client-sqs'
import { builtin } from '../../src/adapters/registry.ts'
import { createBridge } from '../../src/compose.ts'
import type { EcsEvent } from '../../src/core/model/ecs-task.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { createFront } from '../../src/local/function-url.ts'
import { startPoller } from '../../src/local/queue-poller.ts'

const { env } = process
/** The clock of a life starts where that of the one before was. */
let turned = Number(env.SOAK_TURNED ?? 0)
const log = createLog('warn')
const bridge = await createBridge({ adapters: builtin, env, log, now: () => Date.now() + turned, fetch })

/** Batches at the same time. */
const pollers = 2
const sqs = new SQSClient({
  endpoint: String(env.AWS_ENDPOINT_URL_SQS),
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
})
for (let at = 0; at < pollers; at++)
  startPoller(sqs, String(env.TASKHOOK_QUEUE_URL), bridge.start, (error) =>
    log.error('the queue could not be read', { error }),
  )

async function sweepForEver(): Promise<never> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await bridge
      .settle({ 'detail-type': 'Scheduled Event' })
      .catch((error: unknown) => log.error('a sweep broke off', { error }))
  }
}
void sweepForEver()

const back = createServer(async (request, response) => {
  try {
    const said = await json(request)
    if (request.url === '/clock') turned = Number(said)
    else await bridge.settle(said as EcsEvent)
    response.end()
  } catch (error) {
    log.error('an event broke off', { error })
    response.writeHead(500).end()
  }
})

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
const [front, behind] = await Promise.all([listen(createFront(bridge.receive)), listen(back)])
process.send?.({ front, back: behind })
// Whoever loses the process that started it has nothing left to do.
process.once('disconnect', () => process.exit(1))
