/** A new stage that continues from what a commit has recorded: its clock is the recording's, and its table holds the recorded items. */
import { readdirSync, readFileSync } from 'node:fs'
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { bodyOf, urlEvent } from '../../../support/function-url.ts'
import { type Stage, type StageOptions, startStage } from '../../../support/stage.ts'
import { config, secrets, unknownTasks } from './deployment.ts'
import type { Item, Recording } from './state.ts'

const folder = new URL('../../../fixtures/recorded/', import.meta.url)

export const recordedNames: readonly string[] = readdirSync(folder).map((file) => file.replace(/\.json$/, ''))

export const recordingOf = (name: string): Recording =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Recording

export interface Replay extends Omit<Recording, 'runTaskCalls'> {
  readonly on: Stage
  readonly run: string
  readonly recordedRunTaskCalls: Recording['runTaskCalls']
  /** Brings a message as the queue does. @returns whether it was taken: if not, the queue brings it again */
  deliver(message: string | object): Promise<boolean>
  /** Settles the recorded events, oldest first; those that the recorded version has seen come again. */
  settleEvents(): Promise<void>
  /** `GET /runs/<id>` with the recorded token. */
  viewNow(): Promise<Record<string, unknown>>
  /** What the senders were sent since the replay began, as `POST shop.example.com/hook`, with the body. */
  sent(to?: string): readonly { readonly to: string; readonly body: Record<string, unknown> }[]
  runTaskCalls(): readonly Readonly<Record<string, unknown>>[]
  put(items: readonly Item[]): Promise<void>
}

export async function startReplay(name: string, options: Pick<StageOptions, 'fetch'> = {}): Promise<Replay> {
  const recording = recordingOf(name)
  const { at, events, items, subject } = recording
  const on = await startStage({ config, env: secrets, unknown: unknownTasks, ...options })
  on.advance(at - on.now())
  const put = async (items: readonly Item[]): Promise<void> => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const client = new DynamoDBClient({ endpoint: on.dynamo.url, region: 'us-east-1', credentials })
    for (const item of items) await client.send(new PutItemCommand({ TableName: 'taskhook', Item: { ...item } }))
    client.destroy()
  }
  await put(items)
  return {
    ...recording,
    recordedRunTaskCalls: recording.runTaskCalls,
    on,
    run: subject?.run ?? '',
    put,
    async deliver(message) {
      const body = typeof message === 'string' ? message : JSON.stringify(message)
      return (await on.bridge.start({ Records: [{ messageId: 'm', body }] })).batchItemFailures.length === 0
    },
    async settleEvents() {
      for (const event of events) await on.bridge.settle(event)
    },
    viewNow: async () => bodyOf(await on.bridge.receive(urlEvent(subject?.statusPath ?? '', {}, '', 'GET'))),
    sent: (wanted) =>
      on.notifications
        .map(({ method, url, body }) => ({
          to: `${method} ${url.host}${url.pathname}`,
          body: body as Record<string, unknown>,
        }))
        .filter(({ to }) => wanted === undefined || to === wanted),
    runTaskCalls: () => on.ecs.callsOf('RunTask').map(({ input }) => input),
  }
}
