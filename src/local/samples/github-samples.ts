/** Sample payloads of GitHub: a push, and a comment with a command. */
import { randomUUID } from 'node:crypto'
import type { SourceConfig } from '../../core/adapter.ts'
import type { Config } from '../../core/model/config.ts'
import push from './github-push.json' with { type: 'json' }
import type { SampleOptions } from './sample-options.ts'
import { paramsText, routesOf, sampleParams } from './sample-params.ts'

/** GitHub's own example, on a branch that a route accepts. A new commit id makes it a new delivery each time. */
export function samplePush(config: Config, source: SourceConfig, { user }: SampleOptions): unknown {
  const globs = routesOf(config, source).flatMap(({ branches }) => branches ?? [])
  const branch = globs.find((glob) => !/[*?![\]{}]/.test(glob))
  return {
    ...push,
    after: randomUUID().replaceAll('-', '').padEnd(40, '0'),
    ...(branch !== undefined && { ref: `refs/heads/${branch}` }),
    ...(user !== undefined && { sender: { ...push.sender, login: user } }),
  }
}

/** A comment on a pull request by an owner of the repository, under the name of a user whom the route allows. */
export function sampleComment(config: Config, source: SourceConfig, { text, command, user }: SampleOptions): unknown {
  const route = routesOf(config, source).find(
    (one) => one.command !== undefined && (command === undefined || one.command.includes(command)),
  )
  const login = user ?? route?.allow?.users?.[0] ?? push.sender.login
  const words = [command ?? route?.command?.[0] ?? '/taskhook', text ?? paramsText(sampleParams(config, source, route))]
  return {
    action: 'created',
    issue: { number: 7, pull_request: { url: `${push.repository.url}/pulls/7` } },
    comment: {
      // A new id makes it a new delivery each time.
      id: Math.floor(Math.random() * 1e9),
      body: words.join(' ').trim(),
      created_at: new Date().toISOString(),
      author_association: 'OWNER',
      user: { login, type: 'User' },
    },
    repository: push.repository,
    sender: { login, type: 'User' },
    ...(source.options.appId !== undefined && { installation: { id: 1 } }),
  }
}
