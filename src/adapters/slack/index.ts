/** Slack slash commands. https://docs.slack.dev/interactivity/implementing-slash-commands */
import type { AdapterFactory } from '../../core/adapter.ts'
import { acknowledge } from './acknowledge.ts'
import { createDispatcher } from './bolt.ts'
import { formErrand, openForm } from './form.ts'
import { createInquire } from './inquire.ts'
import { interject } from './interject.ts'
import { reply } from './reply.ts'
import { translate } from './translate.ts'
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
