/** Whether an event is about the code of a fork, which anybody can write. If the payload does not show it, it may be. Pure. */
import type { ForkRule } from './event-refs.ts'
import { asText, isObject, type Payload, valueAt } from './payload.ts'
import { commitOf, fullRefOf, refOf, refsOf } from './read-refs.ts'

/** Triggers of a workflow that happen in the repository itself. A pull request, or a check of one, may be of a fork. */
const ownTriggers = ['push', 'schedule', 'workflow_dispatch', 'repository_dispatch', 'merge_group']

/** @param pull as in a payload or an answer of the API. A fork that was deleted is null, and counts as a fork. */
export function isPullOfFork(pull: unknown): boolean {
  const head = asText(valueAt(pull, 'head', 'repo', 'full_name'))
  return head === undefined || head !== asText(valueAt(pull, 'base', 'repo', 'full_name'))
}

export function isOfFork(event: string, payload: Payload): boolean {
  const refs = refsOf(event)
  if (refs !== undefined) return matchesRule(refs.fork, event, payload)
  return usualRules.some(([key, rule]) => isObject(payload[key]) && matchesRule(rule, event, payload))
}

/** For an event that is not listed: a rule for each object that names a head. */
const usualRules: readonly (readonly [key: string, rule: ForkRule])[] = [
  ['pull_request', 'pull-request'],
  ['workflow_run', 'workflow-run'],
  ['workflow_job', 'unknown'],
  ['check_run', 'unknown'],
  ['check_suite', 'unknown'],
]

function matchesRule(rule: ForkRule, event: string, payload: Payload): boolean {
  const { pull_request: pull, workflow_run: run } = payload
  switch (rule) {
    case 'never':
      return false
    case 'pull-request':
      return isPullOfFork(pull)
    case 'workflow-run':
      return isRunOfFork(run, payload)
    case 'deployment':
      return isObject(run) && isRunOfFork(run, payload)
    case 'trigger':
      return !isOwnTrigger(payload.event)
    case 'no-branch': {
      const { branch, branches } = refOf(event, payload)
      return branch === undefined && branches === undefined
    }
    case 'pull-ref':
      // An alert that was closed by a person may name neither.
      return commitOf(event, payload) !== undefined && !/^refs\/(heads|tags)\//.test(fullRefOf(event, payload) ?? '')
    case 'unknown':
      return true
  }
}

const isOwnTrigger = (trigger: unknown): boolean => ownTriggers.some((own) => own === trigger)

/** Older payloads do not name the head's repository. */
function isRunOfFork(run: unknown, payload: Payload): boolean {
  if (!isObject(run) || !Object.hasOwn(run, 'head_repository')) return !isOwnTrigger(valueAt(run, 'event'))
  const head = asText(valueAt(run, 'head_repository', 'full_name'))
  return head === undefined || head !== asText(valueAt(payload, 'repository', 'full_name'))
}
