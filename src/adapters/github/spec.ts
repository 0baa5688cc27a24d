import { emitterEventNames } from '@octokit/webhooks'
import * as v from 'valibot'
import { type AdapterSpec, secretReferences, text } from '../../core/config/schema.ts'

export const githubSpec: AdapterSpec = {
  title: 'GitHub',
  entries: {
    secret: secretReferences,
    token: v.optional(secretReferences),
    /** Of a GitHub App, which gets check runs in place of commit statuses. */
    appId: v.optional(
      v.pipe(
        v.number('must be the number of the App'),
        v.integer('must be an integer'),
        v.minValue(1, 'must be 1 or more'),
      ),
    ),
    privateKey: v.optional(secretReferences),
    apiUrl: v.optional(v.pipe(text('a URL'), v.url('must be a URL like https://github.example.com/api/v3'))),
  },
  secret: 'secret',
  tokens: ['token', 'privateKey'],
  filters: ['event', 'branches', 'tags', 'paths', 'repositories', 'allow'],
  givesParams: false,
  events: emitterEventNames,
  check({ appId, privateKey }) {
    if ((appId === undefined) === (privateKey === undefined)) return []
    return appId === undefined
      ? [{ key: 'privateKey', message: 'is of an App; say which in "appId"' }]
      : [{ key: 'appId', message: 'needs the App’s "privateKey"' }]
  },
}
