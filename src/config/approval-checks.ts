/** Checks that a run of a route can be approved at all: the requester cannot approve it. */
import { type ConfigFinding, type ConfigPath, finding } from './finding.ts'
import { asList, asMapping, type Mapping } from './yaml-values.ts'

export function checkApprovers(path: ConfigPath, { allow, approval }: Mapping): ConfigFinding[] {
  const { users, ...otherLists } = asMapping(allow)
  const requesters = asList(users)
  const approvers = asList(asMapping(approval).from)
  const isSamePerson =
    requesters.length === 1 && approvers.length === 1 && String(requesters[0]) === String(approvers[0])
  const noOtherPeople = Object.keys(otherLists).every((list) => list === 'channels')
  return isSamePerson && noOtherPeople
    ? finding(
        [...path, 'approval', 'from'],
        `names only "${approvers[0]}", who is also the only requester, and the requester cannot approve a run`,
      )
    : []
}
