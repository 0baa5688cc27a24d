import { emitterEventNames } from '@octokit/webhooks'
import * as v from 'valibot'
import { type AdapterSpec, secretReferences, text } from '../../core/config/schema.ts'

export const githubSpec: AdapterSpec = {
  title: 'GitHub',
  entries: {
    secret: secretReferences,
    token: v.optional(secretReferences),
    apiUrl: v.optional(v.pipe(text('a URL'), v.url('must be a URL like https://github.example.com/api/v3'))),
  },
  secret: 'secret',
  tokens: ['token'],
  filters: ['event', 'branches', 'tags', 'paths', 'repositories', 'allow'],
  givesParams: false,
  events: emitterEventNames,
}
