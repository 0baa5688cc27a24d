/** The compiled config: what `taskhook build` writes as JSON and the Lambda functions read. Already validated, so types are enough here. */
import type { Json, SourceConfig } from '../adapter.ts'
import type { ParamDeclarations } from './param.ts'

/** Config keys are the ECS API's. */
export interface TaskConfig {
  readonly name: string
  readonly description?: string
  /** Name or ARN; an ARN also says in which region and account ECS is asked. */
  readonly cluster: string
  /** ARN of the role that is assumed to run the task: for a cluster of another account. */
  readonly assumeRole?: string
  /** Family, `family:revision` or ARN. */
  readonly taskDefinition: string
  /** May be absent where the task definition has one container. */
  readonly container?: string
  readonly subnets: readonly string[]
  readonly securityGroups?: readonly string[]
  readonly assignPublicIp: 'ENABLED' | 'DISABLED'
  /** Tried in order; FARGATE goes out as launchType, all else as a capacityProviderStrategy. */
  readonly capacity: readonly string[]
  readonly platformVersion?: string
  readonly cpu?: string
  readonly memory?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Seconds after which a run is stopped. */
  readonly timeout?: number
  /** Seconds after which a run that has not been started is given up. */
  readonly startWithin?: number
  readonly concurrency?: {
    /** Runs of one group share the slots: text over `params`. Default: all runs of the task. */
    readonly group: string
    readonly limit: number
    readonly whenFull: 'queue' | 'cancel-oldest' | 'reject'
  }
  readonly params: ParamDeclarations
  /** What `taskhook dev` runs; production ignores it. */
  readonly local?: { readonly command: readonly string[]; readonly cwd?: string; readonly image?: string }
}

export interface RouteConfig {
  /** The route's `name`, else `github/analyze` (and `github/analyze#2`): part of the run's id, so a delivery that takes two routes has two runs. */
  readonly id: string
  readonly on: string
  readonly run: string
  readonly event?: readonly string[]
  readonly command?: readonly string[]
  readonly branches?: readonly string[]
  readonly tags?: readonly string[]
  readonly paths?: readonly string[]
  readonly repositories?: readonly string[]
  readonly if?: string
  readonly with?: Readonly<Record<string, Json>>
  /** A pull request of a fork may take it, too. */
  readonly forks?: boolean
  readonly allow?: AllowConfig
  /** A second person must say yes. */
  readonly approval?: ApprovalConfig
  /** `rerun`: where Spot takes its capacity back, the run is run again. */
  readonly onSpotInterruption?: 'fail' | 'rerun'
}

/** Who may: whoever is in one of the lists of people, and in one of the channels. */
export interface AllowConfig {
  readonly users?: readonly string[]
  /** Slack's. */
  readonly userGroups?: readonly string[]
  /** GitHub's: `organisation/team`. */
  readonly teams?: readonly string[]
  readonly associations?: readonly string[]
  readonly channels?: readonly string[]
}

export interface ApprovalConfig {
  /** Users, user groups, teams. */
  readonly from: readonly string[]
  /** Seconds. */
  readonly expires: number
}

export interface Config {
  /** Of this format, not of taskhook. */
  readonly version: 1
  readonly sources: Readonly<Record<string, SourceConfig>>
  readonly tasks: Readonly<Record<string, TaskConfig>>
  readonly routes: readonly RouteConfig[]
}

export const configVersion = 1

/** A route is known by its name, else by source and task, so that a change elsewhere in the file does not rename it. */
export function routeIds(
  routes: readonly { readonly name?: unknown; readonly on?: unknown; readonly run?: unknown }[],
) {
  const seen = new Map<string, number>()
  return routes.map(({ name, on, run }): string => {
    if (name !== undefined) return String(name)
    const base = `${on}/${run}`
    const count = (seen.get(base) ?? 0) + 1
    seen.set(base, count)
    return count === 1 ? base : `${base}#${count}`
  })
}
