/** An ECS task, as events and DescribeTasks describe it. */

/** The parts of a task, as events and DescribeTasks give it, that we read. Unknown fields are tolerated. */
export interface EcsTask {
  readonly taskArn?: string | undefined
  readonly clusterArn?: string | undefined
  readonly startedBy?: string | undefined
  readonly lastStatus?: string | undefined
  readonly stopCode?: string | undefined
  readonly stoppedReason?: string | undefined
  readonly version?: number | undefined
  readonly startedAt?: string | Date | undefined
  readonly stoppedAt?: string | Date | undefined
  readonly containers?:
    | readonly {
        readonly name?: string | undefined
        readonly exitCode?: number | undefined
        readonly reason?: string | undefined
        readonly lastStatus?: string | undefined
      }[]
    | undefined
}

export interface EcsEvent {
  readonly source?: string
  readonly 'detail-type'?: string
  readonly detail?: EcsTask
}
