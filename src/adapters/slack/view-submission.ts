/** A submitted modal (`view_submission`), translated as if its values had been typed behind the command. Pure. https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
import type { Translation } from '../../core/adapter.ts'
import type { ViewSubmitAction } from './bolt.ts'
import { parsePrivateMetadata } from './private-metadata.ts'
import type { SlackAddress } from './reply-address.ts'
import { deliveryIdOf } from './trigger-id.ts'
import { inputActionId, paramOfBlock } from './view-ids.ts'
import { workspaceIdsOf } from './workspace-ids.ts'

/** @throws {BadRequest} if the modal does not say which command it belongs to */
export function viewSubmissionTranslation(body: ViewSubmitAction): Translation<SlackAddress> {
  const { user, team, view, api_app_id } = body
  const { command, channel, params } = parsePrivateMetadata(view.private_metadata)
  const place = channel === undefined ? {} : { channel }
  return {
    kind: 'run',
    trigger: {
      event: command,
      deliveryId: deliveryIdOf(body.trigger_id),
      actor: user.id,
      facts: { command, user: user.id, ...place, workspaces: workspaceIdsOf(body, view.app_installed_team_id) },
      rawParams: { kind: 'object', values: valuesOf(view), textual: true },
      payload: withoutUndefined({
        command,
        text: '',
        user_id: user.id,
        user_name: user.name,
        team_id: team?.id ?? user.team_id,
        team_domain: team?.domain,
        channel_id: channel,
        api_app_id,
      }),
      replyAddress: { responseUrl: null, user: user.id, ...place, form: true, params },
    },
  }
}

const withoutUndefined = (fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined))

/** Only what was filled in: an empty field is a parameter that was not given. */
function valuesOf({ state }: ViewSubmitAction['view']): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null)
  for (const [block, inputs] of Object.entries(state.values)) {
    const param = paramOfBlock(block)
    const filled = inputs[inputActionId]?.value ?? inputs[inputActionId]?.selected_option?.value
    if (param !== undefined && typeof filled === 'string' && filled !== '') values[param] = filled
  }
  return values
}
