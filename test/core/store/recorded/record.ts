/** Brings a new stage into a state, and records what is then to be seen of it. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import type { Pauses } from '../../../../src/core/model/pause.ts'
import { bodyOf, urlEvent } from '../../../support/function-url.ts'
import { startStage } from '../../../support/stage.ts'
import { config, secrets, unknownTasks } from './deployment.ts'
import type { Bring, Recording } from './state.ts'

/** @param writePauses as `taskhook pause` writes them into the table at this endpoint */
export async function record(
  bring: Bring,
  writePauses: (client: DynamoDBClient, pauses: Pauses) => Promise<unknown>,
): Promise<Recording> {
  const on = await startStage({ config, env: secrets, unknown: unknownTasks })
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: on.dynamo.url, region: 'us-east-1', credentials })
  try {
    const subject = await bring(on, {
      async pause(pauses) {
        await writePauses(client, pauses)
        // Every function reads them within five seconds.
        on.advance(5_000)
      },
    })
    const { Items = [] } = await client.send(new ScanCommand({ TableName: 'taskhook' }))
    const path = subject?.statusPath
    const runs = Items.flatMap(({ run }) => run?.S ?? [])
    return {
      subject,
      at: on.now(),
      items: Items,
      messages: on.sqs.callsOf('SendMessage').map(({ input }) => String(input.MessageBody)),
      events: runs.flatMap((run) => on.eventsOf(run)),
      runTaskCalls: on.ecs.callsOf('RunTask').map(({ input }) => input),
      ...(path !== undefined && { view: bodyOf(await on.bridge.receive(urlEvent(path, {}, '', 'GET'))) }),
    }
  } finally {
    client.destroy()
    await on.close()
  }
}
