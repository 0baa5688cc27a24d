/** The credentials of a role in another account, which the SDK renews. A file of its own: only a config with such a role loads it. */
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers'

type Options = NonNullable<Parameters<typeof fromTemporaryCredentials>[0]>

/** The client of STS, which calls AssumeRole with the function's own credentials. */
export interface AssumingClient {
  readonly region?: string
  readonly endpoint?: string
  readonly credentials?: NonNullable<Options['masterCredentials']>
}

export const assumedRole = (roleArn: string, { credentials, ...clientConfig }: AssumingClient) =>
  fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: 'taskhook' },
    clientConfig,
    ...(credentials !== undefined && { masterCredentials: credentials }),
  })
