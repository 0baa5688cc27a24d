/** Slack slash commands. https://docs.slack.dev/interactivity/implementing-slash-commands */
import type { AdapterFactory } from '../../core/adapter.ts'
import { createDispatcher } from './bolt.ts'
import { createEnrich } from './enrich.ts'
import { httpReply } from './http-reply.ts'
import { formErrand, openForm } from './param-form.ts'
import { respond } from './respond.ts'
import { translate } from './translate.ts'
import { updateStatus } from './update-status.ts'
import { verify } from './verify.ts'

export const slack: AdapterFactory = ({ tokens }) => {
  const dispatch = createDispatcher()
  return {
    editsMessages: true,
    verify,
    translate: (request) => translate(request, dispatch),
    updateStatus,
    httpReply,
    respond,
    enrich: createEnrich(),
    isGroup: (name) => /^S[A-Z0-9]+$/.test(name),
    runDeferred: openForm,
    // Only a bot may open one.
    ...(tokens.botToken !== undefined && { askForParams: formErrand }),
  }
}
