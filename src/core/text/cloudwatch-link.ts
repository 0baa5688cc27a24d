/** Where a container's lines are to be read. Pure. */

import { arnOf } from '../model/arn.ts'
import type { LogConfig } from '../model/log-config.ts'

const consoles: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
}

/**
 * The page of CloudWatch's console. The stream is `prefix/container/task-id`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
 */
export function logUrlOf({ region, group, prefix }: LogConfig, container: string, taskArn: string): string {
  const stream = `${prefix}/${container}/${taskArn.split('/').at(-1)}`
  const host = consoles[arnOf(taskArn)?.partition ?? 'aws'] ?? consoles.aws
  return `https://${region}.${host}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${twice(group)}/log-events/${twice(stream)}`
}

/** The console reads its fragment twice, and "$" in place of "%". */
const twice = (text: string): string => encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$')
