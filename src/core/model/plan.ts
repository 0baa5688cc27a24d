/** What a run asks of ECS. It is stored with the run, so a repeated start sends the same bytes. */
import type { ApprovalConfig, TaskConfig } from './config.ts'
import type { ParamValues } from './param.ts'

/** RunTask's input, but for the client token: that one belongs to the attempt. */
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
    readonly containerOverrides: [
      { readonly name: string; readonly environment: { readonly name: string; readonly value: string }[] },
    ]
  }
  readonly tags: { readonly key: string; readonly value: string }[]
}

export interface Plan {
  readonly task: string
  readonly route: string
  /** Its fingerprint. */
  readonly routeIs?: string
  readonly params: ParamValues
  /** Parameters whose values nobody is shown. */
  readonly hidden?: readonly string[]
  /** Somebody must say yes before it starts. */
  readonly approval?: ApprovalConfig
  /** Undefined: the one container of the task definition, looked up before the start. */
  readonly container: string | undefined
  /** Seconds. */
  readonly timeout: number | undefined
  /** Seconds. */
  readonly startWithin?: number
  /** The group whose slots it needs. */
  readonly concurrency?: GroupSlot
  readonly env: { readonly name: string; readonly value: string }[]
  readonly settings: Omit<
    TaskConfig,
    'params' | 'local' | 'description' | 'timeout' | 'startWithin' | 'container' | 'concurrency'
  >
}

export interface GroupSlot {
  /** Of the ledger. */
  readonly name: string
  /** What people call it; empty where it is the whole task. */
  readonly label: string
  readonly limit: number
  readonly whenFull: 'queue' | 'cancel-oldest' | 'reject'
}

/** One way of starting a run: which capacity, which subnets. */
export interface Place {
  readonly capacity: string
  readonly subnets: readonly string[]
}
