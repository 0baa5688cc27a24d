/** GitHub webhooks: of a repository, an organisation or an App. https://docs.github.com/en/webhooks */
import type { AdapterFactory } from '../../core/adapter.ts'
import { isTeam } from '../../core/model/user-groups.ts'
import { createGetApiClient } from './api-client.ts'
import { createRunDeferred } from './check-suite.ts'
import { createEnrich } from './enrich.ts'
import { type Memory, parseMemory } from './memory.ts'
import { parseReplyAddress, type ReplyAddress } from './reply-address.ts'
import { createRespond } from './respond.ts'
import { translate } from './translate.ts'
import { createUpdateStatus } from './update-status.ts'
import { verify } from './verify.ts'

export const github: AdapterFactory<ReplyAddress, Memory> = ({ options, receiveTokens }) => {
  const appId = typeof options.appId === 'number' ? options.appId : undefined
  const apiUrl = typeof options.apiUrl === 'string' ? options.apiUrl.replace(/\/$/, '') : 'https://api.github.com'
  const getClient = createGetApiClient({ apiUrl, appId })
  return {
    // Check runs and comments are edited; a commit status never is.
    ...((appId !== undefined || receiveTokens !== undefined) && { editsMessages: true }),
    verify,
    translate: (request) => translate(request, appId),
    parseAddress: parseReplyAddress,
    parseMemory,
    updateStatus: createUpdateStatus(getClient, appId),
    respond: createRespond(getClient),
    enrich: createEnrich(getClient),
    isGroup: isTeam,
    runDeferred: createRunDeferred(getClient),
  }
}
