/** Slack slash commands. https://docs.slack.dev/interactivity/implementing-slash-commands */
import type { AdapterFactory } from '../../core/adapter.ts'
import { acknowledge } from './acknowledge.ts'
import { createDispatcher } from './bolt.ts'
import { interject } from './interject.ts'
import { reply } from './reply.ts'
import { translate } from './translate.ts'
import { verify } from './verify.ts'

export const slack: AdapterFactory = () => {
  const dispatch = createDispatcher()
  return {
    remembers: true,
    verify,
    translate: (request) => translate(request, dispatch),
    acknowledge,
    reply,
    interject,
  }
}
