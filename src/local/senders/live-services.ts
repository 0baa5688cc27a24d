/** For `taskhook dev --live`: the real Slack, GitHub and Secrets Manager. Only ECS, SQS and DynamoDB stay local. */
import { createSecrets } from '../../core/aws/secret-rotation.ts'
import { messageOf } from '../../core/errors.ts'

export interface LiveServices {
  readonly fetch: typeof fetch
  /** The value of a secret reference. */
  secret(reference: string): Promise<string>
}

export function liveServices(): LiveServices {
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
