/** The Slack adapter: slash commands, buttons and modals. https://docs.slack.dev/interactivity/ */
import type { AdapterFactory } from '../../core/adapter.ts'
import { isUserGroupId } from '../../core/model/user-groups.ts'
import { createEnrich } from './enrich.ts'
import { httpReply } from './http-reply.ts'
import { createListenerDispatch } from './listeners.ts'
import { parseMemory, type SlackMemory } from './memory.ts'
import { askForParams, openModal } from './open-modal.ts'
import { parseAddress, type SlackAddress } from './reply-address.ts'
import { respond } from './respond.ts'
import { translate } from './translate.ts'
import { updateStatus } from './update-status.ts'
import { verify } from './verify.ts'

export const slack: AdapterFactory<SlackAddress, SlackMemory> = ({ tokens }) => {
  const dispatchToListener = createListenerDispatch()
  return {
    editsMessages: true,
    verify,
    translate: (request) => translate(request, dispatchToListener),
    parseAddress,
    parseMemory,
    updateStatus,
    httpReply,
    respond,
    enrich: createEnrich(),
    isGroup: isUserGroupId,
    runDeferred: openModal,
    // Only a bot can open a modal.
    ...(tokens.botToken !== undefined && { askForParams }),
  }
}
