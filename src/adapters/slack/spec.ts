import * as v from 'valibot'
import { secretReferences, valuesAt } from '../../config/fields.ts'
import type { AdapterSpec } from '../../config/spec.ts'
import { isUserGroupId } from '../../core/model/user-groups.ts'

export const slackSpec: AdapterSpec = {
  title: 'Slack',
  entries: { signingSecret: secretReferences, botToken: v.optional(secretReferences) },
  secret: 'signingSecret',
  tokens: ['botToken'],
  filters: ['command', 'allow', 'approval'],
  givesParams: true,
  checkRoute(route, { botToken }) {
    const groups = valuesAt(route, 'allow', 'userGroups')
    const approvers = valuesAt(route, 'approval', 'from')
    const foreign = (['teams', 'associations'] as const)
      .filter((list) => valuesAt(route, 'allow', list).length > 0)
      .map((list) => ({ key: 'allow', message: `"${list}" are GitHub’s; Slack has users, userGroups and channels` }))
    const misnamed = groups
      .filter((id) => !isUserGroupId(id))
      .map((id) => ({ key: 'allow', message: `"${id}" is not the id of a user group: those begin with S` }))
    const strange = approvers
      .filter((id) => !isUserGroupId(id) && !/^[UW][A-Z0-9]+$/.test(id))
      .map((id) => ({ key: 'approval', message: `"${id}" is the id of neither a user (U…) nor a user group (S…)` }))
    const needs = (key: string) => ({
      key,
      message: 'names a user group; add a "botToken" to the source, by which Slack can be asked who is in it',
    })
    return [
      ...foreign,
      ...misnamed,
      ...strange,
      ...(botToken === undefined && groups.length > 0 ? [needs('allow')] : []),
      ...(botToken === undefined && approvers.some(isUserGroupId) ? [needs('approval')] : []),
    ]
  },
  receiveTokens: ({ botToken }, routes) =>
    botToken !== undefined &&
    routes.some(
      (route) =>
        valuesAt(route, 'allow', 'userGroups').length > 0 || valuesAt(route, 'approval', 'from').some(isUserGroupId),
    )
      ? ['botToken']
      : [],
}
