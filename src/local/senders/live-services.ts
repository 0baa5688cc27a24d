/** With `--live` the far side is the real one; only ECS, SQS and DynamoDB stay local. */

import { createSecrets } from '../../core/aws/secrets.ts'
import { messageOf } from '../../core/errors.ts'
import type { DevOptions } from '../dev.ts'

export function liveSide(): NonNullable<DevOptions['live']> {
  const secrets = createSecrets({
    env: process.env,
    now: Date.now,
    warn: (message) => process.stderr.write(`${message}\n`),
    client: async () => {
      const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager')
      return new SecretsManagerClient({})
    },
  })
  return {
    fetch,
    secret: (reference) =>
      secrets.current([reference]).catch((error: unknown) => {
        throw new Error(messageOf(error), { cause: error })
      }),
  }
}
