/** What a run asks of ECS. It is stored with the run, so a repeated start sends the same bytes. */
import type { ApprovalConfig, TaskConfig } from './config.ts'
import type { ParamValues } from './param.ts'

/** The input of RunTask except `clientToken`, which belongs to an attempt. */
export interface TaskRequest {
  readonly cluster: string
  readonly taskDefinition: string
  readonly count: 1
  readonly startedBy: string
  readonly launchType?: 'FARGATE'
  readonly capacityProviderStrategy?: { readonly capacityProvider: string; readonly weight: 1 }[]
  readonly platformVersion?: string
  readonly networkConfiguration: {
    readonly awsvpcConfiguration: {
      readonly subnets: string[]
      readonly securityGroups?: string[]
      readonly assignPublicIp: 'ENABLED' | 'DISABLED'
    }
  }
  readonly overrides: {
    readonly cpu?: string
    readonly memory?: string
    readonly containerOverrides: [{ readonly name: string; readonly environment: EnvEntry[] }]
  }
  readonly tags: { readonly key: string; readonly value: string }[]
}

/** An environment variable of the container. */
export interface EnvEntry {
  readonly name: string
  readonly value: string
}

export interface Plan {
  readonly task: string
  /** The id of the route. */
  readonly route: string
  /** The route's fingerprint when the run was planned (routing/route-of-run.ts). The plan is stored as JSON, so the name stays. */
  readonly routeIs?: string
  readonly params: ParamValues
  /** Names of the secret parameters. */
  readonly hidden?: readonly string[]
  /** Set if the run needs approval before it starts. */
  readonly approval?: ApprovalConfig
  /** Undefined: the only container of the task definition, which is looked up at the start. */
  readonly container: string | undefined
  /** Seconds. */
  readonly timeout: number | undefined
  /** Seconds. */
  readonly startWithin?: number
  /** The concurrency group whose slot the run needs. */
  readonly concurrency?: GroupSlot
  readonly env: EnvEntry[]
  readonly settings: Omit<
    TaskConfig,
    'params' | 'local' | 'description' | 'timeout' | 'startWithin' | 'container' | 'concurrency'
  >
}

export interface GroupSlot {
  /** The group's key in the ledger. */
  readonly name: string
  /** Shown to people; empty if the group is the whole task. */
  readonly label: string
  readonly limit: number
  readonly whenFull: 'queue' | 'cancel-oldest' | 'reject'
}

/** One combination of capacity and subnets in which a start is tried. */
export interface Place {
  readonly capacity: string
  readonly subnets: readonly string[]
}
