/** What the shape of a config cannot say: references that lead nowhere, names that are reserved, expressions that do not compile. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { messageOf } from '../core/errors.ts'
import { type Arn, arnOf } from '../core/model/arn.ts'
import { routeIds } from '../core/model/config.ts'
import { compileParamTemplate, treesOf } from '../core/routing/expression.ts'
import { didYouMean } from '../core/text/suggest.ts'
import { checkCapacity } from './capacity-checks.ts'
import { type ConfigFinding, type Mapping, mapping, own } from './config-error.ts'
import { costFaults, partsOf } from './expression-cost.ts'
import { checkParams } from './param-checks.ts'
import { checkRoute } from './route-checks.ts'
import type { AdapterSpec, AdapterSpecs } from './spec.ts'

/** @param raw not yet known to have the right shape: what has not is left to the schema */
export function checkSemantics(raw: unknown, specs: AdapterSpecs): ConfigFinding[] {
  const { sources, tasks, routes } = mapping(raw)
  const taskMap = mapping(tasks)
  const sourceMap = mapping(sources)
  const specOf = (source: unknown): AdapterSpec | undefined => own(specs, mapping(own(sourceMap, source)).adapter)
  const list = Array.isArray(routes) ? routes : []
  return [
    ...unusableNames(sourceMap, taskMap),
    ...Object.entries(sourceMap).flatMap(([name, source]) =>
      (specOf(name)?.check?.(mapping(source)) ?? []).map(({ key, message }) => ({
        path: ['sources', name, key],
        message,
      })),
    ),
    ...Object.entries(taskMap).flatMap(([name, task]) => [
      ...checkParams(['tasks', name, 'params'], mapping(mapping(task).params)),
      ...checkHome(['tasks', name], mapping(task)),
      ...checkCapacity(['tasks', name], mapping(task)),
      ...checkGroup(['tasks', name], mapping(task)),
    ]),
    ...list.flatMap((route, at) => checkRoute(['routes', at], mapping(route), sourceMap, taskMap, specOf)),
    ...duplicateNames(list),
  ]
}

/** Valibot leaves these keys out of a record without a word, as a guard against prototype pollution. */
const unusable = ['__proto__', 'prototype', 'constructor']

function unusableNames(sources: Mapping, tasks: Mapping): ConfigFinding[] {
  const records: [ConfigFinding['path'], Mapping][] = [
    [['sources'], sources],
    [['tasks'], tasks],
    ...Object.entries(tasks).flatMap(([name, task]): [ConfigFinding['path'], Mapping][] => [
      [['tasks', name, 'params'], mapping(mapping(task).params)],
      [['tasks', name, 'tags'], mapping(mapping(task).tags)],
    ]),
  ]
  return records.flatMap(([path, record]) =>
    unusable
      .filter((name) => Object.hasOwn(record, name))
      .map((name) => ({
        path: [...path, name],
        message: 'is a name that JavaScript keeps for itself; choose another',
      })),
  )
}

/** Cluster, task definition and assumed role must lie in one account, or RunTask is refused. */
function checkHome(path: ConfigFinding['path'], { cluster, taskDefinition, assumeRole }: Mapping): ConfigFinding[] {
  const home = typeof cluster === 'string' ? arnOf(cluster) : undefined
  const definition = typeof taskDefinition === 'string' ? arnOf(taskDefinition) : undefined
  const role = typeof assumeRole === 'string' ? arnOf(assumeRole) : undefined
  const findings: ConfigFinding[] = []
  if (role !== undefined && typeof cluster === 'string' && home === undefined)
    findings.push({
      path: [...path, 'cluster'],
      message: `"${cluster}" does not say in which account; where a role is assumed, write the cluster's ARN`,
    })
  if (role !== undefined && home !== undefined && role.account !== home.account)
    findings.push({
      path: [...path, 'assumeRole'],
      message: `is of account ${role.account}, and the cluster is in ${home.account}`,
    })
  const where = (arn: Arn): string => `${arn.account} ${arn.region}`
  if (definition !== undefined && home !== undefined && where(definition) !== where(home))
    findings.push({
      path: [...path, 'taskDefinition'],
      message: `is in ${where(definition)}, and the cluster in ${where(home)}: a task runs where its definition is`,
    })
  return findings
}

/** It may ask for declared parameters alone: a slip of the finger would put all runs into one group. */
function checkGroup(path: ConfigFinding['path'], { concurrency, params }: Mapping): ConfigFinding[] {
  const { group } = mapping(concurrency)
  if (typeof group !== 'string') return []
  const at = [...path, 'concurrency', 'group']
  if (!group.includes('${'))
    return [
      {
        path: at,
        message: 'is the same for every run; write "${params.NAME}", or leave it out for all runs of the task',
      },
    ]
  const known = Object.keys(mapping(params))
  try {
    compileParamTemplate(group)
  } catch (error) {
    return [{ path: at, message: messageOf(error) }]
  }
  const costs = treesOf('template', group).flatMap(costFaults)
  if (costs.length > 0) return costs.map((message) => ({ path: at, message }))
  const asked = treesOf('template', group).flatMap(paramsIn)
  return asked.flatMap((name) => {
    if (name === undefined)
      return [{ path: at, message: 'must name each parameter, as params.NAME or params["NAME"]: others may be secret' }]
    if (!known.includes(name))
      return [{ path: at, message: `"${name}" is not a parameter of the task${didYouMean(name, known)}` }]
    // The group's name stands in messages.
    return mapping(mapping(params)[name]).secret === true
      ? [{ path: at, message: `"${name}" is secret, and the name of a group is shown` }]
      : []
  })
}

/** The parameters that an expression asks for; undefined: any of them, or all. */
function paramsIn(node: ASTNode): (string | undefined)[] {
  const { op, args } = node as { readonly op: string; readonly args: unknown }
  const [whose, which] = (Array.isArray(args) ? args : []) as readonly (ASTNode | string | undefined)[]
  if (
    ['.', '.?', '[]', '[?]'].includes(op) &&
    typeof whose === 'object' &&
    whose.op === 'id' &&
    whose.args === 'params'
  ) {
    if (typeof which === 'string') return [which]
    return which?.op === 'value' && typeof which.args === 'string' ? [which.args] : [undefined]
  }
  if (op === 'id') return args === 'params' ? [undefined] : []
  return partsOf(node).flatMap(paramsIn)
}

/** Two routes of one name would be one run, and a route without a name has one by default. */
function duplicateNames(list: readonly unknown[]): ConfigFinding[] {
  const routes = list.map(mapping)
  const ids = routeIds(routes)
  const seen = new Set(ids.filter((_, at) => routes[at]?.name === undefined))
  return ids.flatMap((id, at) => {
    if (routes[at]?.name === undefined) return []
    if (seen.has(id)) return [{ path: ['routes', at, 'name'], message: `"${id}" is the name of another route` }]
    seen.add(id)
    return []
  })
}
