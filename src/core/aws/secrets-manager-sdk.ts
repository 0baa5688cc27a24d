/** What taskhook uses of the Secrets Manager SDK. Loaded late: a deployment with only `env:` secrets never needs it. */
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
