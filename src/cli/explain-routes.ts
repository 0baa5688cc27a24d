/** The routes that a trigger matches, and the runs it would start, as lines of text. */
import { builtinSpecs } from '../adapters/spec-registry.ts'
import { routeNotes } from '../config/notes.ts'
import type { Translation } from '../core/adapter.ts'
import type { Config } from '../core/model/config.ts'
import type { Plan } from '../core/model/plan.ts'
import { hiddenValue } from '../core/model/secret-params.ts'
import { lookupFor } from '../core/routing/lookup.ts'
import { couldMatch } from '../core/routing/match-route.ts'
import { planRuns } from '../core/routing/plan-runs.ts'
import { prepareRoute } from '../core/routing/prepare-route.ts'

type TriggerTranslation = Extract<Translation, { readonly kind: 'run' | 'help' | 'recent' }>
type PlanResult = ReturnType<typeof planRuns>['result']

export function explainRoutes(config: Config, source: string, { kind, trigger }: TriggerTranslation): string[] {
  const routes = config.routes.map(prepareRoute)
  const { groups } = lookupFor(
    routes.filter((route) => couldMatch(route, source, trigger)),
    trigger,
  )
  const { seen } = trigger.facts
  // Only the sender knows who is a member of a group, and when a commit was pushed.
  const assumed = { ...(groups.length > 0 && { groups }), ...(seen !== undefined && { seen: 'yes' as const }) }
  const { verdicts, result } = planRuns(routes, new Map(Object.entries(config.tasks)), {
    source,
    trigger: { ...trigger, facts: { ...trigger.facts, ...assumed } },
    deliveryKey: 'explain',
    origin: 'http://localhost',
    now: 0,
    help: kind !== 'run',
  })
  return [
    `${trigger.event} by ${trigger.actor}`,
    ...(trigger.incomplete === true
      ? ['(taskhook would first fetch the pull request from the sender. Its details are not known here.)']
      : []),
    ...(seen === undefined
      ? []
      : ['(taskhook would ask the sender if commits were pushed after the comment. Assumed here: no.)']),
    ...(groups.length > 0
      ? [`(taskhook would ask the sender if ${trigger.actor} is a member of ${groups.join(', ')}. Assumed here: yes.)`]
      : []),
    ...verdicts.map(({ route, matched, because }) => `${matched ? '✓' : '✗'} ${route}  ${because}`),
    ...config.routes
      .filter(({ on }) => on === source)
      .flatMap((route) => routeNotes(route, config, builtinSpecs))
      .map((note) => `note: ${note}`),
    ...resultLines(result, config),
  ]
}

function resultLines(result: PlanResult, config: Config): string[] {
  switch (result.kind) {
    case 'runs':
      return result.runs.flatMap(({ plan }) => [
        ...approvalLines(plan),
        `→ runs ${plan.task} with`,
        ...environmentLines(plan, config),
      ])
    case 'refused':
      return [
        `→ refused (${result.status}): ${result.title}`,
        ...result.problems.map(({ path, message }) => `    ${path} ${message}`),
      ]
    case 'ignored':
      return [`→ ignored: ${result.reason}`]
    default:
      return [`→ ${result.kind}`]
  }
}

const approvalLines = ({ approval }: Plan): string[] =>
  approval === undefined
    ? []
    : [`→ waits up to ${approval.expires / 3600} h for approval by ${approval.from.join(' or ')}, then`]

function environmentLines({ env, hidden = [], task }: Plan, config: Config): string[] {
  const secrets = hidden.map((name) => config.tasks[task]?.params[name]?.env)
  return env.map(({ name, value }) => `    ${name}=${secrets.includes(name) ? hiddenValue : value}`)
}
