/** GitHub webhooks, of a repository, an organisation or an App. https://docs.github.com/en/webhooks */
import type { AdapterFactory } from '../../core/adapter.ts'
import { createApiClients } from './api-client.ts'
import { createErrand } from './check-suite.ts'
import { createEnrich } from './enrich.ts'
import { translate } from './translate.ts'
import { createRespond, createUpdateStatus } from './update-status.ts'
import { verify } from './verify.ts'

export const github: AdapterFactory = ({ options, receiveTokens }) => {
  const api = {
    apiUrl: typeof options.apiUrl === 'string' ? options.apiUrl.replace(/\/$/, '') : 'https://api.github.com',
    appId: typeof options.appId === 'number' ? options.appId : undefined,
  }
  const voices = createApiClients(api)
  return {
    // Check runs, and answers to comments; a commit status is never edited.
    ...((api.appId !== undefined || receiveTokens !== undefined) && { editsMessages: true as const }),
    verify,
    translate: (request) => translate(request, api.appId),
    updateStatus: createUpdateStatus(api, voices),
    respond: createRespond(voices),
    enrich: createEnrich(voices),
    isGroup: (name) => name.includes('/'),
    runDeferred: createErrand(voices),
  }
}
