/** The compiled config, which `taskhook build` writes as JSON and the Lambda functions read. It is already validated, so types are enough. */
import type { Json } from './json.ts'
import type { ParamDeclarations } from './param.ts'
import type { SourceConfig } from './source-config.ts'

/** Keys that ECS has as well are named as in its API. */
export interface TaskConfig {
  readonly name: string
  readonly description?: string
  /** Name or ARN. An ARN also sets the region and account in which ECS is called. */
  readonly cluster: string
  /** ARN of the role that is assumed to run the task, for a cluster of another account. */
  readonly assumeRole?: string
  /** Family, `family:revision` or ARN. */
  readonly taskDefinition: string
  /** May be absent if the task definition has only one container. */
  readonly container?: string
  readonly subnets: readonly string[]
  readonly securityGroups?: readonly string[]
  readonly assignPublicIp: 'ENABLED' | 'DISABLED'
  /** Tried in order. FARGATE is sent as `launchType`, any other as `capacityProviderStrategy`. */
  readonly capacity: readonly string[]
  readonly platformVersion?: string
  readonly cpu?: string
  readonly memory?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Seconds after which a running task is stopped. */
  readonly timeout?: number
  /** Seconds after which a run that ECS has not started fails. */
  readonly startWithin?: number
  readonly concurrency?: {
    /** Runs with the same group share its slots. A template over `params`; the empty default is one group for the whole task. */
    readonly group: string
    readonly limit: number
    readonly whenFull: 'queue' | 'cancel-oldest' | 'reject'
  }
  readonly params: ParamDeclarations
  /** What `taskhook dev` runs. Production ignores it. */
  readonly local?: { readonly command: readonly string[]; readonly cwd?: string; readonly image?: string }
}

export interface RouteConfig {
  /** The route's `name`, else `github/analyze` (and `github/analyze#2`). It is part of the run id, so a delivery that matches two routes has two runs. */
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
  /** Pull requests from forks match as well. */
  readonly forks?: boolean
  readonly allow?: AllowConfig
  /** A second person must approve each run. */
  readonly approval?: ApprovalConfig
  /** `rerun`: a run is run again after a Spot interruption. */
  readonly onSpotInterruption?: 'fail' | 'rerun'
}

/** Who may use a route. A person on any list of people is allowed; if `workspaces` or `channels` is set, only from those. */
export interface AllowConfig {
  readonly users?: readonly string[]
  /** Ids of Slack user groups. */
  readonly userGroups?: readonly string[]
  /** GitHub teams: `organisation/team`. */
  readonly teams?: readonly string[]
  /** Bots that may use the route, also where bots may not by default: GitHub's without `[bot]`. */
  readonly bots?: readonly string[]
  /** GitHub's `author_association`. */
  readonly associations?: readonly string[]
  /** Ids of Slack workspaces and organisations. */
  readonly workspaces?: readonly string[]
  /** Ids of Slack channels. */
  readonly channels?: readonly string[]
}

export interface ApprovalConfig {
  /** Users, user groups and teams that may approve. */
  readonly from: readonly string[]
  /** Seconds after which an unapproved run is cancelled. */
  readonly expires: number
}

export interface Config {
  /** The version of this format, not of taskhook. Increase it if a config that an older taskhook built would lose its meaning. */
  readonly version: 2
  readonly sources: Readonly<Record<string, SourceConfig>>
  readonly tasks: Readonly<Record<string, TaskConfig>>
  readonly routes: readonly RouteConfig[]
}

export const configVersion = 2

/** A route's id is its name, else its source and task, so that a change elsewhere in the file does not rename it. */
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
