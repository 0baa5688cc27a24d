/** Every documented error name; `aws/ecs.test.ts` tests the same with the real client. */
import { describe, expect, it } from 'vitest'
import {
  meanings,
  type RefusalClass,
  refusalOfError,
  refusalOfFailures,
} from '../../../src/core/model/run-task-errors.ts'

const thrown = (name: string, message = 'as AWS says it', status: number | 'none' = 400) =>
  Object.assign(new Error(message), { name, $metadata: status === 'none' ? {} : { httpStatusCode: status } })
const classOf = (...said: Parameters<typeof thrown>): RefusalClass => refusalOfError(thrown(...said)).class

const names: readonly (readonly [RefusalClass, string])[] = [
  ['access-denied', 'AccessDeniedException UnauthorizedOperation NotAuthorized AccessDenied'],
  ['credentials', 'UnrecognizedClientException InvalidClientTokenId MissingAuthenticationToken IncompleteSignature'],
  ['credentials', 'InvalidSignatureException SignatureDoesNotMatch OptInRequired'],
  ['credentials-expired', 'ExpiredToken ExpiredTokenException RequestExpired RequestTimeTooSkewed'],
  ['account-blocked', 'BlockedException'],
  ['cluster', 'ClusterNotFoundException'],
  ['platform', 'PlatformUnknownException PlatformTaskDefinitionIncompatibilityException UnsupportedFeatureException'],
  ['throttled', 'ThrottlingException Throttling ThrottledException RequestThrottledException'],
  ['throttled', 'TooManyRequestsException RequestLimitExceeded SlowDown PriorRequestNotComplete'],
  ['quota', 'LimitExceededException ServiceQuotaExceededException'],
  ['server-error', 'ServerException InternalFailure InternalError InternalServerError'],
  ['server-error', 'ServiceUnavailable ServiceUnavailableException'],
  ['request', 'ClientException InvalidParameterException ValidationException ValidationError InvalidParameterValue'],
  ['request', 'InvalidParameterCombination MissingParameter InvalidAction SerializationException'],
  ['request', 'UnknownOperationException'],
  ['conflict', 'ConflictException'],
]

describe('an error with an unambiguous name', () => {
  it.each(names.flatMap(([is, list]) => list.split(' ').map((name) => [name, is] as const)))('%s: %s', (name, is) => {
    expect(classOf(name)).toBe(is)
  })

  it('is not looked up among the members of every object', () => {
    for (const name of ['constructor', 'toString', '__proto__']) expect(classOf(name)).toBe('unknown')
  })
})

describe('an error with an ambiguous name', () => {
  it.each<[string, RefusalClass]>([
    ['Rate exceeded', 'throttled'],
    ['too many concurrent requests', 'throttled'],
    ['Not enough capacity', 'capacity'],
    ['Limit exceeded for tags', 'quota'],
    ['Your account is being verified', 'account-not-ready'],
    ['No Container Instances were found', 'agent'],
    ['The subnet is gone', 'subnet'],
    ['TaskDefinition is inactive', 'task-definition'],
    // Quoted texts and ARNs contain names that people chose.
    ["The name 'quota' is wrong", 'request'],
    ['The name "quota" is wrong', 'request'],
    ['The role arn:aws:iam::1:role/quota is wrong', 'request'],
    ["'a''b'Rate exceeded", 'throttled'],
    // The parts around a quoted text are not one word.
    ["quo'x'ta", 'request'],
  ])('%s: %s', (message, is) => expect(classOf('ClientException', message)).toBe(is))

  it('is read up to 2,000 characters, in the log as well', () => {
    const { class: is, detail } = refusalOfError(thrown('ClientException', `${'x '.repeat(1000)}quota`))
    expect(is).toBe('request')
    expect(detail).toBe(`ClientException: ${'x '.repeat(1000)}`)
  })
})

describe('an error with an unknown name', () => {
  it.each<[number | 'none', RefusalClass]>([
    ['none', 'lost'],
    [200, 'lost'],
    [299, 'lost'],
    [300, 'unknown'],
    [400, 'unknown'],
    [429, 'throttled'],
    [499, 'unknown'],
    [500, 'server-error'],
    [503, 'server-error'],
  ])('with status %s: %s', (status, is) => expect(classOf('NewException', 'x', status)).toBe(is))

  it('takes the status of the answer if the client has none', () => {
    const half = { name: 'NewException', $response: { statusCode: 429 } }
    expect(refusalOfError(Object.assign(new Error('x'), half)).class).toBe('throttled')
    const both = { ...half, $metadata: { httpStatusCode: 500 } }
    expect(refusalOfError(Object.assign(new Error('x'), both)).class).toBe('server-error')
  })

  it('may be something else than an Error', () => {
    expect(refusalOfError('down')).toMatchObject({ class: 'lost', detail: 'string: down' })
    expect(refusalOfError(undefined)).toMatchObject({ class: 'lost' })
  })
})

describe('a failure', () => {
  it.each<[string, RefusalClass]>([
    ['RESOURCE:ENI', 'capacity'],
    ['RESOURCE', 'capacity'],
    ['Capacity is unavailable', 'capacity'],
    ['AGENT', 'agent'],
    ['LOCATION', 'placement'],
    ['ATTRIBUTE', 'placement'],
    ['MISSING', 'placement'],
    ['INACTIVE', 'placement'],
    ['SOMETHING', 'unknown'],
    ['NO AGENT', 'unknown'],
    ['AGENTS', 'unknown'],
    ['NO LOCATION', 'unknown'],
    ['LOCATIONS', 'unknown'],
    ['NO RESOURCE', 'unknown'],
  ])('%s: %s', (reason, is) => expect(refusalOfFailures([{ reason }]).class).toBe(is))

  it('is shortened in the log as well', () => {
    expect(refusalOfFailures([{ reason: 'x'.repeat(1999), detail: 'y' }]).detail).toBe(`${'x'.repeat(1999)}:`)
  })
})

describe('the sentence for the sender', () => {
  const read = (message: string): string => refusalOfError(thrown('ClientException', message)).reason

  it.each([
    ['The role arn:aws:iam::111122223333:role/app  is\n wrong.  ', 'The role role/app is wrong'],
    ['arn:aws-cn:ecs:cn-north-1:111122223333:cluster/a, b', 'cluster/a, b'],
    ['v1.2. of it is no more', 'v1.2. of it is no more'],
    ['one.two', 'one.two'],
  ])('%j', (message, words) => expect(read(message)).toBe(`${meanings.request.reason} (${words})`))

  it('contains 200 characters of AWS’s message', () => {
    expect(read('x'.repeat(300))).toBe(`${meanings.request.reason} (${'x'.repeat(200)})`)
  })

  it('contains nothing of a message that is about the account', () => {
    expect(refusalOfError(thrown('AccessDeniedException', 'on arn:aws:x')).reason).toBe(
      meanings['access-denied'].reason,
    )
  })
})
