/** Statements that let a role run tasks, and describe and stop them. Used for the functions and for roles in other accounts. */
import type { TaskConfig } from '../core/model/config.ts'
import { clusterArn, clusterArns, taskDefinitionArn, tasksOnClusters, unique } from './resource-arns.ts'
import { allow, type Statement } from './statement.ts'

/** Allows each task definition only on its own cluster, hence one statement per cluster. */
export function runTaskStatements(tasks: readonly TaskConfig[]): Statement[] {
  if (tasks.length === 0) return []
  return [
    ...clusterArns(tasks).flatMap((cluster, at) => {
      const definitions = tasks.filter((task) => clusterArn(task) === cluster).map(taskDefinitionArn)
      return allow(`RunTasks${at}`, ['ecs:RunTask'], unique(definitions), { ArnEquals: { 'ecs:cluster': cluster } })
    }),
    ...allow('TagTasks', ['ecs:TagResource'], tasksOnClusters(tasks), {
      StringEquals: { 'ecs:CreateAction': 'RunTask' },
    }),
    // The action supports no resource. It says which container a task has, and where it logs; without it there are no links to logs.
    ...allow('DescribeTaskDefinitions', ['ecs:DescribeTaskDefinition'], ['*']),
    ...allow('PassTaskRoles', ['iam:PassRole'], ['{PassRoles}'], {
      StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    }),
  ]
}

export const describeAndStopStatements = (tasks: readonly TaskConfig[]): Statement[] =>
  allow('DescribeAndStopTasks', ['ecs:DescribeTasks', 'ecs:StopTask'], tasksOnClusters(tasks))
