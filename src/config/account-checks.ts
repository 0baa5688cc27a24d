/** Checks that a task's cluster, task definition and role are in one account: otherwise RunTask fails. */
import { type Arn, arnOf } from '../core/model/arn.ts'
import { type ConfigFinding, type ConfigPath, finding } from './finding.ts'
import type { Mapping } from './yaml-values.ts'

export function checkAccount(path: ConfigPath, task: Mapping): ConfigFinding[] {
  const cluster = arnIn(task.cluster)
  const definition = arnIn(task.taskDefinition)
  const role = arnIn(task.assumeRole)
  const findings: ConfigFinding[] = []
  if (role !== undefined && typeof task.cluster === 'string' && cluster === undefined)
    findings.push(
      ...finding(
        [...path, 'cluster'],
        `"${task.cluster}" does not say in which account it is; with assumeRole, write the ARN of the cluster`,
      ),
    )
  if (role !== undefined && cluster !== undefined && role.account !== cluster.account)
    findings.push(
      ...finding([...path, 'assumeRole'], `is in account ${role.account}, but the cluster is in ${cluster.account}`),
    )
  if (definition !== undefined && cluster !== undefined && placeText(definition) !== placeText(cluster))
    findings.push(
      ...finding(
        [...path, 'taskDefinition'],
        `is in ${placeText(definition)}, but the cluster is in ${placeText(cluster)}; both must be in the same account and region`,
      ),
    )
  return findings
}

const arnIn = (value: unknown): Arn | undefined => (typeof value === 'string' ? arnOf(value) : undefined)
const placeText = ({ account, region }: Arn): string => `${account} ${region}`
