/**
 * Refusals of RunTask: every documented error, every reason in `failures[]`, and throttling in all its forms. Each class is defined
 * once, here: what to do about it, and what the sender reads. Pure.
 *
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html#API_RunTask_Errors
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
import { messageOf } from '../errors.ts'

/**
 * What to do about a refusal. `soon`: the same call again in seconds. `elsewhere`: the next subnet or capacity. `later`: back to the queue
 * for minutes. `never`: a person must change something.
 */
export type RefusalKind = 'soon' | 'elsewhere' | 'later' | 'never'

interface Meaning {
  readonly kind: RefusalKind
  /** For the sender: nothing about the AWS account. */
  readonly reason: string
  /** If every place refuses for such a reason, waiting does not help. */
  readonly lasting?: true
  /** The call may have succeeded: its task may be running, and only the same token finds it. */
  readonly unsure?: true
  /** AWS's own message helps the sender. */
  readonly quote?: true
}

export const meanings = {
  throttled: { kind: 'soon', reason: 'ECS is throttling requests' },
  'server-error': { kind: 'soon', reason: 'ECS failed', unsure: true },
  lost: { kind: 'soon', reason: 'ECS did not answer', unsure: true },
  'credentials-expired': { kind: 'soon', reason: 'the credentials of taskhook have expired' },

  capacity: { kind: 'elsewhere', reason: 'no capacity' },
  subnet: { kind: 'elsewhere', reason: 'the subnet cannot be used', lasting: true, quote: true },
  'capacity-provider': {
    kind: 'elsewhere',
    reason: 'the cluster does not have this capacity provider',
    lasting: true,
    quote: true,
  },
  agent: { kind: 'elsewhere', reason: 'no container instance of the cluster responds' },
  placement: { kind: 'elsewhere', reason: 'no container instance of the cluster fits', lasting: true },

  quota: { kind: 'later', reason: 'the account has reached its quota' },
  'account-not-ready': { kind: 'later', reason: 'AWS is still setting up the account' },
  unknown: { kind: 'later', reason: 'ECS refused it for an unknown reason; the log of taskhook has it' },

  'access-denied': { kind: 'never', reason: 'taskhook is not allowed to start it; its operator must allow it' },
  credentials: {
    kind: 'never',
    reason: 'AWS does not accept the credentials of taskhook; its operator must check them',
  },
  'account-blocked': { kind: 'never', reason: 'AWS has blocked the account' },
  cluster: { kind: 'never', reason: 'the cluster does not exist' },
  'task-definition': { kind: 'never', reason: 'the task definition cannot be used', quote: true },
  platform: { kind: 'never', reason: 'the platform does not support it', quote: true },
  request: { kind: 'never', reason: 'ECS does not accept the request', quote: true },
  // A task may be running that the error does not name, so a second one must not be started.
  conflict: { kind: 'never', reason: 'ECS has another request with the same token' },
} as const satisfies Readonly<Record<string, Meaning>>

/** Why ECS refused. */
export type RefusalClass = keyof typeof meanings

export interface Refusal extends Omit<Meaning, 'quote'> {
  readonly class: RefusalClass
  /** AWS's message, for the operator. */
  readonly detail: string
}

/** Unambiguous names. Their messages are not read: they quote names, and a task definition may be called "quota-report". */
const unambiguous: Readonly<Record<string, RefusalClass>> = {
  ...all('access-denied', 'AccessDeniedException', 'UnauthorizedOperation', 'NotAuthorized'),
  // The name that STS uses if the role of another account may not be assumed.
  ...all('access-denied', 'AccessDenied'),
  ...all('credentials', 'UnrecognizedClientException', 'InvalidClientTokenId', 'MissingAuthenticationToken'),
  ...all('credentials', 'IncompleteSignature', 'InvalidSignatureException', 'SignatureDoesNotMatch', 'OptInRequired'),
  ...all('credentials-expired', 'ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'RequestTimeTooSkewed'),
  ...all('account-blocked', 'BlockedException'),
  ...all('cluster', 'ClusterNotFoundException'),
  ...all('platform', 'PlatformUnknownException', 'PlatformTaskDefinitionIncompatibilityException'),
  ...all('platform', 'UnsupportedFeatureException'),
  ...all('throttled', 'ThrottlingException', 'Throttling', 'ThrottledException', 'RequestThrottledException'),
  ...all('throttled', 'TooManyRequestsException', 'RequestLimitExceeded', 'SlowDown', 'PriorRequestNotComplete'),
  ...all('quota', 'LimitExceededException', 'ServiceQuotaExceededException'),
  ...all('server-error', 'ServerException', 'InternalFailure', 'InternalError', 'InternalServerError'),
  ...all('server-error', 'ServiceUnavailable', 'ServiceUnavailableException'),
}

/** Names that may also mean throttling, capacity or a quota; this is their class if their message does not say so. */
const ambiguous: Readonly<Record<string, RefusalClass>> = {
  ...all('request', 'ClientException', 'InvalidParameterException', 'ValidationException', 'ValidationError'),
  ...all('request', 'InvalidParameterValue', 'InvalidParameterCombination', 'MissingParameter', 'InvalidAction'),
  ...all('request', 'SerializationException', 'UnknownOperationException'),
  ...all('conflict', 'ConflictException'),
}

function all(is: RefusalClass, ...names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, is]))
}

/** The more certain patterns come first. */
const messages: readonly (readonly [RegExp, RefusalClass])[] = [
  [/rate exceeded|throttl|too many (concurrent )?requests|slow down/i, 'throttled'],
  [/capacity is unavailable|(insufficient|not enough) capacity/i, 'capacity'],
  [/reached the limit|limit on the number of|quota|limit exceeded/i, 'quota'],
  // The first task of an account creates the role, and is refused until the role exists.
  [/service[- ]linked role|being verified|pending verification/i, 'account-not-ready'],
  [/no container instances/i, 'agent'],
  [/capacity provider/i, 'capacity-provider'],
  [/subnet|network interface|\beni\b|availability zone/i, 'subnet'],
  [/task ?definition\b.*\b(not found|inactive|does not exist)|describe task definition/i, 'task-definition'],
]

const failureReasons: readonly (readonly [RegExp, RefusalClass])[] = [
  [/^RESOURCE\b|capacity/i, 'capacity'],
  [/^AGENT\b/, 'agent'],
  [/^(LOCATION|ATTRIBUTE|MISSING|INACTIVE)\b/, 'placement'],
]

/** An answer of RunTask with status 200 and no task. */
export function refusalOfFailures(
  failures: readonly { readonly reason?: string | undefined; readonly detail?: string | undefined }[],
): Refusal {
  const [first] = failures
  if (first === undefined) return refusal('server-error', 'RunTask started nothing and gave no reason')
  const said = [first.reason, first.detail].filter(Boolean).join(': ').slice(0, longest)
  return refusal(firstOf(failureReasons, said) ?? 'unknown', said || 'RunTask failed without a reason')
}

/** An error that a call of ECS throws. */
export function refusalOfError(error: unknown): Refusal {
  const name = error instanceof Error ? error.name : typeof error
  const message = messageOf(error).slice(0, longest)
  const detail = `${name}: ${message}`
  if (Object.hasOwn(unambiguous, name)) return refusal(unambiguous[name] ?? 'unknown', detail, message)
  const status = statusOf(error)
  // No answer, or one that cannot be read: the task may or may not have started, and the same token finds it.
  if (status === undefined || status < 300) return refusal('lost', detail)
  // Quoted texts are names that people chose.
  const said = firstOf(messages, message.replace(/'[^']*'|"[^"]*"|arn:\S+/g, '…'))
  if (said !== undefined) return refusal(said, detail, message)
  if (Object.hasOwn(ambiguous, name)) return refusal(ambiguous[name] ?? 'unknown', detail, message)
  return refusal(status >= 500 ? 'server-error' : status === 429 ? 'throttled' : 'unknown', detail)
}

/** Characters. Messages of AWS are shorter. */
const longest = 2000

const firstOf = (list: readonly (readonly [RegExp, RefusalClass])[], text: string): RefusalClass | undefined =>
  list.find(([pattern]) => pattern.test(text))?.[1]

function statusOf(error: unknown): number | undefined {
  const { $metadata, $response } = (error ?? {}) as {
    readonly $metadata?: { readonly httpStatusCode?: number }
    readonly $response?: { readonly statusCode?: number }
  }
  return $metadata?.httpStatusCode ?? $response?.statusCode
}

/** @param detail AWS's message @param quoted what the sender may read of it */
export function refusal(is: RefusalClass, detail: string, quoted?: string): Refusal {
  const { quote, ...meaning }: Meaning = meanings[is]
  const words = quote === true && quoted !== undefined ? `${meaning.reason} (${publicWords(quoted)})` : meaning.reason
  return { ...meaning, class: is, reason: words, detail }
}

/** ARNs contain the account's number. */
const publicWords = (text: string): string =>
  text
    .replace(/arn:[\w-]+:[\w-]+:[\w-]*:\d*:([\w/.+=@-]+)/g, '$1')
    .replace(/\s+/g, ' ')
    .slice(0, 200)
    .replace(/\.\s*$/, '')
