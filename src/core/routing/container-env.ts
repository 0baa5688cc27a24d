/** The environment variables of a run's container: its parameters, where it came from, and where it reports progress. Pure. */
import type { ParamDeclarations, ParamValues } from '../model/param.ts'
import type { EnvEntry } from '../model/plan.ts'

/** In the order of the declarations, so that the same run gives the same bytes. */
export const paramEnv = (declared: ParamDeclarations, params: ParamValues): EnvEntry[] =>
  Object.entries(declared).flatMap(([name, { env }]) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined
    return value === undefined ? [] : [{ name: env, value: String(value) }]
  })

export const originEnv = ({
  run,
  source,
  event,
  actor,
}: {
  readonly run: string
  readonly source: string
  readonly event: string
  readonly actor: string
}): EnvEntry[] => [
  { name: 'TASKHOOK_RUN_ID', value: run },
  { name: 'TASKHOOK_SOURCE', value: source },
  { name: 'TASKHOOK_EVENT', value: event },
  { name: 'TASKHOOK_ACTOR', value: actor },
]

/**
 * Not part of the plan, because a key signs the token; still the same for every attempt.
 * @param origin scheme and host of the function URL
 */
export const progressEnv = (origin: string, run: string, token: string): EnvEntry[] => [
  { name: 'TASKHOOK_PROGRESS_URL', value: `${origin}/runs/${run}/progress` },
  { name: 'TASKHOOK_TOKEN', value: token },
]
