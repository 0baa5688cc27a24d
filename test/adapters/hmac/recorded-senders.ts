/** The recordings of vendor-deliveries.json (made by record-deliveries.ts), and a taskhook that has a source for each. */
import { bodyOf, urlEvent } from '../../support/function-url.ts'
import { startWorld, type World } from '../../support/world.ts'
import type { Recording, Sent } from './recording/recorder.ts'
import recorded from './vendor-deliveries.json' with { type: 'json' }

export const recordings = recorded as unknown as readonly Recording[]

/** The source of a sender: its name in lower case, with hyphens. */
export const sourceOf = ({ name }: Pick<Recording, 'name'>): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '')

/** Some senders sign in several ways, which are recorded as "GitLab, secret token" and "GitLab, signing token". */
const vendorsOf = (some: readonly Recording[]): number => new Set(some.map(({ name }) => name.split(',')[0])).size

export interface SenderCounts {
  /** Senders whose deliveries are accepted, and rejected once a bit is flipped. */
  readonly all: number
  /** Of these, the senders whose own npm package made or confirmed the deliveries. */
  readonly byPackage: number
  /** Of these, the senders whose retry is the same run, in each way in which they sign. */
  readonly sameRun: number
}

/** What the README says of the senders. */
export function senderCounts(): SenderCounts {
  const all = vendorsOf(recordings)
  const documented = vendorsOf(recordings.filter(({ by }) => by.startsWith('documentation: ')))
  const anotherRun = vendorsOf(recordings.filter(({ anotherRunBecause }) => anotherRunBecause !== undefined))
  return { all, byPackage: all - documented, sameRun: all - anotherRun }
}

const variableOf = (sender: Pick<Recording, 'name'>): string => sourceOf(sender).replaceAll('-', '_')

export interface Senders {
  readonly world: World
  /** Sends it at the time at which it was recorded. */
  post(sender: Recording, sent: Sent & { readonly seconds: number }): ReturnType<World['bridge']['receive']>
  close(): Promise<void>
}

export async function startSenders(): Promise<Senders> {
  let ms = 0
  const sources = recordings.map((sender) => {
    const { scheme, source = {} } = sender
    const options = { adapter: 'hmac', scheme, secret: `env:${variableOf(sender)}`, ...source }
    return `  ${sourceOf(sender)}: ${JSON.stringify(options)}`
  })
  const routes = recordings.map((sender) => {
    const { event } = sender
    return `  - ${JSON.stringify({ on: sourceOf(sender), ...(event !== undefined && { event }), run: 'job', with: {} })}`
  })
  const world = await startWorld({
    config: `
sources:
${sources.join('\n')}
tasks:
  job: { cluster: c, taskDefinition: job, container: app, subnets: [s], local: { command: ["true"] } }
routes:
${routes.join('\n')}
`,
    env: Object.fromEntries(recordings.map((sender) => [variableOf(sender), sender.secret])),
    poll: false,
    now: () => ms,
  })
  return {
    world,
    post(sender, { headers, body, seconds }) {
      ms = seconds * 1000
      return world.bridge.receive(
        urlEvent(`/${sourceOf(sender)}`, { 'content-type': 'application/json', ...headers }, body),
      )
    },
    close: world.close,
  }
}

/** The run that a delivery started. In a batch, the run of its only element. */
export function runOf(answer: Awaited<ReturnType<Senders['post']>>): string {
  const { run, results } = bodyOf(answer) as { run?: string; results?: readonly { run?: string }[] }
  const found = run ?? (results?.length === 1 ? results[0]?.run : undefined)
  if (found === undefined) throw new Error(`no run: ${answer.body}`)
  return found
}
