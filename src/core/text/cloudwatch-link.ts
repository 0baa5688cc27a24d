/** A link to a container's log in the CloudWatch console. Pure. */
import { arnOf } from '../model/arn.ts'
import type { LogConfig } from '../model/log-config.ts'

/** Host of the console, by partition. */
const consoles: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
}

/**
 * The stream is `prefix/container/task-id`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
 */
export function logUrlOf({ region, group, prefix }: LogConfig, container: string, taskArn: string): string {
  const stream = `${prefix}/${container}/${taskArn.split('/').at(-1)}`
  const host = consoles[arnOf(taskArn)?.partition ?? 'aws'] ?? consoles.aws
  return `https://${region}.${host}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${encodeTwice(group)}/log-events/${encodeTwice(stream)}`
}

/** The console decodes its fragment twice, and expects "$" instead of "%". */
const encodeTwice = (text: string): string => encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$')
