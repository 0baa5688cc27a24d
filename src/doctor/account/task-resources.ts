/** Where a task runs, and its task definition. */
import { DescribeTaskDefinitionCommand, type TaskDefinition } from '@aws-sdk/client-ecs'
import { arnOf } from '../../core/model/arn.ts'
import type { TaskConfig } from '../../core/model/config.ts'
import type { DoctorContext } from './context.ts'
import { getIfExists } from './get-if-exists.ts'

/** The account and region of the task's cluster. */
export function locationOf({ cluster }: TaskConfig, { account, region }: DoctorContext) {
  const arn = arnOf(cluster)
  return { account: arn?.account ?? account, region: arn?.region ?? region }
}

/** The tasks that the current credentials can check. */
export const tasksInThisAccount = (context: DoctorContext): readonly TaskConfig[] =>
  Object.values(context.config.tasks).filter((task) => locationOf(task, context).account === context.account)

/** @throws {AwsRequestFailed} */
export async function getTaskDefinition(task: TaskConfig, context: DoctorContext): Promise<TaskDefinition | undefined> {
  const ecs = context.aws.ecs(locationOf(task, context).region)
  const command = new DescribeTaskDefinitionCommand({ taskDefinition: task.taskDefinition })
  return (await getIfExists(ecs.send(command)))?.taskDefinition
}
