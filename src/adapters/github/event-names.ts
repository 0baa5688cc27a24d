/**
 * Events and actions of GitHub's newest webhook schema that the list of @octokit/webhooks lacks. test/adapters/github compares it with the
 * schema.
 */
const moreEvents: Readonly<Record<string, readonly string[]>> = {
  bypass_request_secret_scanning: ['cancelled', 'completed', 'created', 'response_dismissed', 'response_submitted'],
  cache_sync: [],
  code_scanning_alert: ['updated_assignment'],
  dependabot_alert: ['assignees_changed'],
  dismissal_request_code_scanning: ['created', 'response_submitted'],
  dismissal_request_secret_scanning: ['cancelled', 'completed', 'created', 'response_dismissed', 'response_submitted'],
  enterprise: ['anonymous_access_disabled', 'anonymous_access_enabled'],
  exemption_request_push_ruleset: ['cancelled', 'completed', 'created', 'response_dismissed', 'response_submitted'],
  issue_comment: ['pinned', 'unpinned'],
  issue_relates_to: ['relates_to_added', 'relates_to_removed'],
  issues: ['field_added', 'field_removed'],
  label: ['archived', 'unarchived'],
  organization_custom_property: ['created', 'deleted', 'updated'],
  organization_custom_property_values: ['updated'],
  pull_request: ['stacked'],
  repository: ['anonymous_access_disabled', 'anonymous_access_enabled'],
  secret_scanning_alert: ['metadata_created', 'metadata_removed'],
  user: ['created', 'deleted'],
}

/** As in `event`: with and without actions. */
export const moreEventNames: readonly string[] = Object.entries(moreEvents).flatMap(([event, actions]) => [
  event,
  ...actions.map((action) => `${event}.${action}`),
])

/** The sender of a `repository_dispatch` chooses its action, which may be any text. */
export const isFreeAction = (name: string): boolean => /^repository_dispatch\../.test(name)

/** Whether GitHub could have an event, and an action, of this name. */
export const isEventName = (name: string): boolean =>
  isFreeAction(name) || /^[a-z][a-z0-9_]{0,63}(\.[a-z0-9_]{1,100})?$/.test(name)

/** Events about an organisation or a person, whose payload has no repository. */
export const withoutRepository: readonly string[] = [
  'custom_property',
  'enterprise',
  'github_app_authorization',
  'organization_custom_property',
  'organization_custom_property_values',
  'personal_access_token_request',
  'projects_v2',
  'projects_v2_item',
  'projects_v2_status_update',
]
