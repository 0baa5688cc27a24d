import { defineCommand } from 'citty'
import { builtin } from '../adapters/registry.ts'
import type { HttpRequest, Translation } from '../core/adapter.ts'
import { messageOf } from '../core/errors.ts'
import { proven } from '../core/http/signature.ts'
import type { Config } from '../core/model/config.ts'
import type { Plan } from '../core/model/plan.ts'
import { hiddenValue } from '../core/model/secret-params.ts'
import { lookupFor } from '../core/routing/lookup.ts'
import { couldMatch } from '../core/routing/match-route.ts'
import { planRuns } from '../core/routing/plan-runs.ts'
import { prepareRoute } from '../core/routing/prepare-route.ts'
import { didYouMean } from '../core/text/suggest.ts'
import { describeSample, sampleFor } from '../local/samples/sample-delivery.ts'
import { printable } from '../local/terminal/event-feed.ts'
import { configArgument, Failure, guarded, loadConfig, readText } from './load-config.ts'

export const explain = defineCommand({
  args: {
    config: configArgument,
    source: { type: 'positional', required: true, valueHint: 'source', description: 'A source of the config' },
    text: { type: 'string', valueHint: '"dataset=x"', description: 'Slack, GitHub comments: what follows the command' },
    command: { type: 'string', valueHint: '/analyze', description: 'Slack, GitHub comments: the command' },
    event: { type: 'string', valueHint: 'push', description: 'GitHub: the event' },
    data: { type: 'string', valueHint: '@file | text', description: 'The body, or @ and a file that holds it' },
  },
  run: ({ args }) =>
    guarded(async () => {
      const config = loadConfig(args.config)
      const data = args.data?.startsWith('@') ? readText(args.data.slice(1)) : args.data
      const { source, ...rest } = args
      const lines = await explained(config, source, { ...rest, ...(data !== undefined && { data }) })
      process.stdout.write(`${lines.map(printable).join('\n')}\n`)
    }),
})

interface Sample {
  readonly text?: string | undefined
  readonly command?: string | undefined
  readonly event?: string | undefined
  readonly data?: string | undefined
}

async function explained(config: Config, name: string, { text, command, event, data }: Sample): Promise<string[]> {
  const source = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined
  if (source === undefined)
    throw new Failure(`"${name}" is not a source${didYouMean(name, Object.keys(config.sources))}`)
  const options = {
    ...(text !== undefined && { text }),
    ...(command !== undefined && { command }),
    ...(event !== undefined && { event }),
    ...(data !== undefined && { data }),
  }
  const adapter = (await builtin[source.adapter as keyof typeof builtin]())(source)
  try {
    const unsigned = sampleFor(config, source, options)
    const sample = describeSample(source, options, unsigned)
    if (sample !== undefined) process.stderr.write(`${printable(sample)}\n`)
    const request: HttpRequest = {
      method: 'POST',
      path: `/${name}`,
      query: new URLSearchParams(),
      headers: { 'content-type': unsigned.contentType, 'x-github-event': unsigned.event ?? '' },
      body: Buffer.from(unsigned.body),
      origin: 'http://localhost',
    }
    // The sender is the one who asks, on his own machine: there is nothing to prove.
    const translation = await adapter.translate(proven(request, 'explain'))
    if (translation.kind === 'ignore' || translation.kind === 'reply')
      return [`${translation.kind}: ${translation.reason}`]
    if (translation.kind === 'action')
      return [`${translation.action.verb} of run ${translation.action.run}: a question of that run's own route`]
    if (translation.kind === 'deferred')
      return [
        `${translation.deferred.event}: the sender is asked which runs are meant; each is a question of that run's own route`,
      ]
    return admission(config, name, translation)
  } catch (error) {
    throw new Failure(messageOf(error), { cause: error })
  }
}

type Asked = Extract<Translation, { kind: 'run' | 'help' | 'recent' }>

function admission(config: Config, source: string, { kind, trigger: told }: Asked): string[] {
  const routes = config.routes.map(prepareRoute)
  // Who is in a group, only the sender knows.
  const { groups } = lookupFor(
    routes.filter((route) => couldMatch(route, source, told)),
    told,
  )
  const trigger = groups.length === 0 ? told : { ...told, facts: { ...told.facts, groups } }
  const delivery = {
    source,
    trigger,
    deliveryKey: 'explain',
    origin: 'http://localhost',
    now: 0,
    help: kind !== 'run',
  }
  const { verdicts, result } = planRuns(routes, new Map(Object.entries(config.tasks)), delivery)
  const lines = verdicts.map(({ route, matched, because }) => `${matched ? '✓' : '✗'} ${route}  ${because}`)
  const end =
    result.kind === 'runs'
      ? result.runs.flatMap(({ plan }) => [...waitOf(plan), `→ runs ${plan.task} with`, ...envOf(plan, config)])
      : result.kind === 'refused'
        ? [
            `→ refused (${result.status}): ${result.title}`,
            ...result.problems.map(({ path, message }) => `    ${path} ${message}`),
          ]
        : [`→ ${result.kind}${result.kind === 'ignored' ? `: ${result.reason}` : ''}`]
  const asked =
    trigger.incomplete === true ? ['(its sender is asked for more first: the pull request. Here it is not known.)'] : []
  if (groups.length > 0)
    asked.push(`(its sender is asked whether ${trigger.actor} is in ${groups.join(', ')}: taken for a yes here)`)
  return [`${trigger.event} by ${trigger.actor}`, ...asked, ...lines, ...end]
}

const waitOf = ({ approval }: Plan): string[] =>
  approval === undefined
    ? []
    : [`→ waits until ${approval.from.join(' or ')} says yes, ${approval.expires / 3600} h at most, then`]

function envOf({ env, hidden = [], task }: Plan, config: Config): string[] {
  const secret = hidden.map((name) => config.tasks[task]?.params[name]?.env)
  return env.map(({ name, value }) => `    ${name}=${secret.includes(name) ? hiddenValue : value}`)
}
