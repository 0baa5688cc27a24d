/** GitHub webhooks, of a repository, an organisation or an App. https://docs.github.com/en/webhooks */
import type { AdapterFactory } from '../../core/adapter.ts'
import { createVoices } from './api-client.ts'
import { createErrand } from './check-suite.ts'
import { createInquire } from './enrich.ts'
import { translate } from './translate.ts'
import { createAcknowledge, createInterject } from './update-status.ts'
import { verify } from './verify.ts'

export const github: AdapterFactory = ({ options, atTheDoor }) => {
  const api = {
    apiUrl: typeof options.apiUrl === 'string' ? options.apiUrl.replace(/\/$/, '') : 'https://api.github.com',
    appId: typeof options.appId === 'number' ? options.appId : undefined,
  }
  const voices = createVoices(api)
  return {
    // Check runs, and answers to comments; a commit status is never edited.
    ...((api.appId !== undefined || atTheDoor !== undefined) && { remembers: true as const }),
    verify,
    translate: (request) => translate(request, api.appId),
    acknowledge: createAcknowledge(api, voices),
    interject: createInterject(voices),
    inquire: createInquire(voices),
    errand: createErrand(voices),
  }
}
