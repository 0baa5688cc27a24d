/** Slack slash commands. https://docs.slack.dev/interactivity/implementing-slash-commands */
import type { AdapterFactory } from '../../core/adapter.ts'
import { createDispatcher } from './bolt.ts'
import { createInquire } from './enrich.ts'
import { reply } from './http-reply.ts'
import { formErrand, openForm } from './param-form.ts'
import { interject } from './respond.ts'
import { translate } from './translate.ts'
import { acknowledge } from './update-status.ts'
import { verify } from './verify.ts'

export const slack: AdapterFactory = ({ tokens }) => {
  const dispatch = createDispatcher()
  return {
    remembers: true,
    verify,
    translate: (request) => translate(request, dispatch),
    acknowledge,
    reply,
    interject,
    inquire: createInquire(),
    errand: openForm,
    // Only a bot may open one.
    ...(tokens.botToken !== undefined && { form: formErrand }),
  }
}
