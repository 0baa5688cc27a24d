/** An ECS task, as events and DescribeTasks describe it. */

/** The fields that taskhook reads; others are ignored. */
export interface EcsTask {
  readonly taskArn?: string | undefined
  readonly clusterArn?: string | undefined
  readonly startedBy?: string | undefined
  readonly lastStatus?: string | undefined
  readonly stopCode?: string | undefined
  readonly stoppedReason?: string | undefined
  readonly version?: number | undefined
  /** Text in events, a date in the answer of DescribeTasks. */
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
