/** A role of another account, assumed and renewed by the SDK. A file of its own: only a config that names such a role loads it. */
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers'

type Options = NonNullable<Parameters<typeof fromTemporaryCredentials>[0]>
export interface AssumingClient {
  readonly region?: string
  readonly endpoint?: string
  readonly credentials?: NonNullable<Options['masterCredentials']>
}

/** @param sts for the client that asks for the role, with the function's own credentials */
export const assumedRole = (roleArn: string, { credentials, ...clientConfig }: AssumingClient) =>
  fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: 'taskhook' },
    clientConfig,
    ...(credentials !== undefined && { masterCredentials: credentials }),
  })
