/** GitHub webhooks, of a repository, an organisation or an App. https://docs.github.com/en/webhooks */
import type { AdapterFactory } from '../../core/adapter.ts'
import { acknowledge } from './acknowledge.ts'
import { translate } from './translate.ts'
import { verify } from './verify.ts'

export const github: AdapterFactory = ({ options }) => ({
  verify,
  translate,
  acknowledge: (answerTo, run, tools) =>
    acknowledge(answerTo, run, tools, typeof options.apiUrl === 'string' ? options.apiUrl : undefined),
})
