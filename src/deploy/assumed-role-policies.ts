/** The policies of the roles that `start` and `settle` assume in other accounts. */
import type { Config } from '../core/model/config.ts'
import { unique } from './resource-arns.ts'
import type { Statement } from './statement.ts'
import { describeAndStopStatements, runTaskStatements } from './task-statements.ts'

/** @returns by the role's ARN. `{PassRoles}` are roles of that account, filled in where the role is created. */
export function assumedRolePolicies(config: Config): Readonly<Record<string, readonly Statement[]>> {
  const tasks = Object.values(config.tasks)
  const roles = unique(tasks.flatMap(({ assumeRole }) => assumeRole ?? []))
  return Object.fromEntries(
    roles.map((role) => {
      const tasksOfRole = tasks.filter(({ assumeRole }) => assumeRole === role)
      return [role, [...runTaskStatements(tasksOfRole), ...describeAndStopStatements(tasksOfRole)]]
    }),
  )
}
