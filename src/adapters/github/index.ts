/** GitHub webhooks, of a repository, an organisation or an App. https://docs.github.com/en/webhooks */
import type { AdapterFactory } from '../../core/adapter.ts'
import { createAcknowledge } from './acknowledge.ts'
import { translate } from './translate.ts'
import { verify } from './verify.ts'

export const github: AdapterFactory = ({ options: { apiUrl, appId } }) => ({
  ...(appId !== undefined && { remembers: true as const }),
  verify,
  translate,
  acknowledge: createAcknowledge({
    apiUrl: typeof apiUrl === 'string' ? apiUrl.replace(/\/$/, '') : 'https://api.github.com',
    appId: typeof appId === 'number' ? appId : undefined,
  }),
})
