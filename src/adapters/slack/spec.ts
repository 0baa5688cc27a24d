import * as v from 'valibot'
import { type AdapterSpec, secretReferences } from '../../core/config/schema.ts'

export const slackSpec: AdapterSpec = {
  title: 'Slack',
  entries: { signingSecret: secretReferences, botToken: v.optional(secretReferences) },
  secret: 'signingSecret',
  tokens: ['botToken'],
  filters: ['command', 'allow'],
  givesParams: true,
}
