/** GitHub webhooks, of a repository, an organisation or an App. https://docs.github.com/en/webhooks */
import type { AdapterFactory } from '../../core/adapter.ts'
import { createAcknowledge, createInterject } from './acknowledge.ts'
import { createInquire } from './inquire.ts'
import { createErrand } from './suite.ts'
import { translate } from './translate.ts'
import { verify } from './verify.ts'
import { createVoices } from './voice.ts'

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
