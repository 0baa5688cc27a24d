/** Whether taskhook can link to a container's log, and whether its log group exists. */
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import type { ContainerDefinition } from '@aws-sdk/client-ecs'
import { type Finding, problem, warning } from '../../core/model/checkup.ts'
import type { TaskConfig } from '../../core/model/config.ts'
import type { DoctorContext } from '../account/context.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import { locationOf } from '../account/task-resources.ts'

export async function containerLogFaults(
  task: TaskConfig,
  container: ContainerDefinition,
  context: DoctorContext,
): Promise<Finding[]> {
  const { logDriver, options = {} } = container.logConfiguration ?? {}
  const noLink = (reason: string): Finding[] => [
    warning(
      `${task.name}: taskhook cannot link to the container's log: ${reason}`,
      'give the container logDriver awslogs with awslogs-group, awslogs-region and awslogs-stream-prefix',
    ),
  ]
  if (logDriver === undefined) return noLink('it has no log driver')
  if (logDriver !== 'awslogs') return noLink(`its log driver is ${logDriver}`)
  if (!options['awslogs-stream-prefix']) return noLink('it has no awslogs-stream-prefix')
  const group = options['awslogs-group'] ?? ''
  const region = options['awslogs-region'] ?? locationOf(task, context).region
  const logs = context.aws.logs(region)
  const answer = await getIfExists(logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group })))
  const exists = (answer?.logGroups ?? []).some(({ logGroupName }) => logGroupName === group)
  if (exists || options['awslogs-create-group'] === 'true') return []
  return [
    problem(
      `${task.name}: there is no log group ${group} in ${region}, so the container cannot start`,
      `aws logs create-log-group --log-group-name ${group} --region ${region}`,
    ),
  ]
}
