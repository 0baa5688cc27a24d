/** What the config can say about Slack. */

import * as v from 'valibot'
import { secretReferences, valuesAt } from '../../config/fields.ts'
import type { AdapterSpec, Raw, SpecFinding } from '../../config/spec.ts'
import { isUserGroupId } from '../../core/model/user-groups.ts'

export const slackSpec: AdapterSpec = {
  title: 'Slack',
  entries: { signingSecret: secretReferences, botToken: v.optional(secretReferences) },
  secret: 'signingSecret',
  tokens: ['botToken'],
  filters: ['command', 'allow', 'approval'],
  givesParams: true,
  checkRoute: (route, { botToken }) => [...checkIds(route), ...(botToken === undefined ? checkGroups(route) : [])],
  receiveTokens: ({ botToken }, routes) =>
    botToken !== undefined && routes.some((route) => checkGroups(route).length > 0) ? ['botToken'] : [],
}

const isWorkspace = (id: string): boolean => /^[TE][A-Z0-9]+$/.test(id)
const isUser = (id: string): boolean => /^[UW][A-Z0-9]+$/.test(id)

function checkIds(route: Raw): readonly SpecFinding[] {
  const foreign = (['teams', 'associations'] as const).filter((list) => valuesAt(route, 'allow', list).length > 0)
  const groups = valuesAt(route, 'allow', 'userGroups').filter((id) => !isUserGroupId(id))
  const workspaces = valuesAt(route, 'allow', 'workspaces').filter((id) => !isWorkspace(id))
  const approvers = valuesAt(route, 'approval', 'from').filter((id) => !isUserGroupId(id) && !isUser(id))
  return [
    ...foreign.map((list) => ({
      key: 'allow',
      message: `"${list}" works only for GitHub; Slack has users, userGroups, workspaces and channels`,
    })),
    ...workspaces.map((id) => ({
      key: 'allow',
      message: `"${id}" is the id of neither a workspace (T…) nor an organisation (E…)`,
    })),
    ...groups.map((id) => ({
      key: 'allow',
      message: `"${id}" is not the id of a user group, which begins with S`,
    })),
    ...approvers.map((id) => ({
      key: 'approval',
      message: `"${id}" is the id of neither a user (U…) nor a user group (S…)`,
    })),
  ]
}

/** Only Slack knows the members of a user group. */
function checkGroups(route: Raw): readonly SpecFinding[] {
  const message = 'names a user group; add a "botToken" to the source, so that taskhook can ask Slack for its members'
  return [
    ...(valuesAt(route, 'allow', 'userGroups').length > 0 ? [{ key: 'allow', message }] : []),
    ...(valuesAt(route, 'approval', 'from').some(isUserGroupId) ? [{ key: 'approval', message }] : []),
  ]
}
