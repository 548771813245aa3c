import { isLedgerError, LedgerError } from '@infraledger/core/adapter'
import type { CloudRefusal } from '@infraledger/core/adapter'

/** A call of AWS, for messages and for classing its errors. */
export type AwsAttempt = {
  /** As in IAM actions: `rds`, `ec2`, `cloudtrail`, `sts`. */
  readonly service: string
  /** `ModifyDBInstance`. */
  readonly action: string
  readonly region: string
  /** What it is about, where it is about one thing. */
  readonly about?: string
}

/** The parts of an error of the SDK that are looked at. */
type Failure = {
  readonly name: string
  readonly message: string
  readonly status: number | undefined
  readonly requestId: string | undefined
  readonly systemCode: string | undefined
}

/** Identity that is missing, wrong or over ("Common errors" of the RDS and STS API references; the SDK's own names for finding none). */
const CREDENTIALS = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'AuthFailure',
  'CredentialsProviderError',
  'TokenProviderError',
  'InvalidIdentityToken',
])

const PERMISSION = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'Client.UnauthorizedOperation',
])

/** The service has too much to do, or one account asks too often: nothing was done. */
const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'SlowDown',
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
])

/** Later there may be room, or the thing at rest; nothing was done. */
const PASSING =
  /^(?:Invalid\w+State|Insufficient\w*Capacity|DBInstanceNotReady|DBUpgradeDependencyFailure|ResourceNotReady)$/

/** The request never left: no connection came about. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
])

/**
 * An error of the SDK as the port's own: `cloud-refused` (the same call will fail again), `cloud-retryable` (nothing happened), or, for
 * calls that change something and whose answer was lost or says nothing, `cloud-outcome-unknown`.
 */
export function classified(error: unknown, attempt: AwsAttempt): LedgerError {
  if (isLedgerError(error)) return error
  const failure = failureOf(error)
  const refusal = refusalOf(failure)
  if (refusal !== undefined)
    return refused(attempt, reasonOf(failure), refusal, error, missingPermission(failure, attempt))
  if (THROTTLED.has(failure.name) || PASSING.test(failure.name)) return retryable(attempt, reasonOf(failure), error)
  const { status, systemCode } = failure
  if (systemCode !== undefined && NEVER_SENT.has(systemCode))
    return retryable(attempt, unreachable(failure, attempt), error)
  if (isBeforeSending(error, failure))
    return refused(attempt, `the SDK does not make the call: ${failure.message}`, undefined, error)
  if (status !== undefined && status >= 400 && status < 500)
    return refused(attempt, reasonOf(failure), undefined, error)
  return isReading(attempt.action)
    ? retryable(attempt, reasonOf(failure), error)
    : unknown(attempt, reasonOf(failure), error)
}

/** What AWS refuses, and why. */
export function refused(
  attempt: AwsAttempt,
  reason: string,
  refusal?: CloudRefusal,
  cause?: unknown,
  permission?: string,
): LedgerError<'cloud-refused'> {
  const details = {
    provider: 'aws',
    operation: attempt.action,
    reason,
    ...(refusal === undefined ? {} : { refusal }),
    ...(permission === undefined ? {} : { permission }),
  }
  const advice = adviceFor(refusal, attempt, permission)
  return new LedgerError('cloud-refused', `${described(attempt)} was refused: ${reason}${advice}`, details, { cause })
}

/** What may work later; nothing happened. */
export function retryable(
  attempt: AwsAttempt,
  reason: string,
  cause?: unknown,
  retryAfterMs?: number,
): LedgerError<'cloud-retryable'> {
  const details = {
    provider: 'aws',
    operation: attempt.action,
    reason,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
  return new LedgerError(
    'cloud-retryable',
    `${described(attempt)} cannot be done now: ${reason}; try again later`,
    details,
    {
      retryable: true,
      cause,
    },
  )
}

/** What may have happened. */
export function unknown(attempt: AwsAttempt, reason: string, cause?: unknown): LedgerError<'cloud-outcome-unknown'> {
  const details = { provider: 'aws', operation: attempt.action, reason }
  const message = `it is not known what became of ${described(attempt)}: ${reason}; observe before anything else`
  return new LedgerError('cloud-outcome-unknown', message, details, { cause })
}

/** Names of errors that say nothing: what the SDK throws of a call that it cannot make, such as to a region that cannot be one. */
const PLAIN = new Set(['Error', 'TypeError', 'RangeError'])

/** Nothing of an answer or of a connection is in the error, so there was none of either. */
function isBeforeSending(error: unknown, { name, message, status, systemCode }: Failure): boolean {
  const hasAnswer = memberOf(error, '$response') !== undefined || memberOf(error, '$responseBodyText') !== undefined
  return (
    PLAIN.has(name) &&
    status === undefined &&
    systemCode === undefined &&
    !hasAnswer &&
    !/socket|hang up|aborted/i.test(message)
  )
}

/** How often the SDK asked before it gave an error back: after the first time, an answer may have been lost. */
export function attemptsOf({ cause }: Error): number {
  const attempts = memberOf(memberOf(cause, '$metadata'), 'attempts')
  return typeof attempts === 'number' ? attempts : 1
}

function failureOf(error: unknown): Failure {
  const metadata = memberOf(error, '$metadata')
  const status = memberOf(metadata, 'httpStatusCode')
  const named =
    textIn(memberOf(error, 'name')) ??
    textIn(memberOf(error, 'Code')) ??
    (error instanceof Error ? error.name : 'Unknown')
  return {
    name: named.replace(/(?:Fault|Exception)$/, (suffix) =>
      CREDENTIALS.has(named) || PERMISSION.has(named) || THROTTLED.has(named) ? suffix : '',
    ),
    message: error instanceof Error ? error.message : String(error),
    status: typeof status === 'number' ? status : undefined,
    requestId: textIn(memberOf(metadata, 'requestId')),
    systemCode: textIn(memberOf(error, 'code')) ?? textIn(memberOf(memberOf(error, 'cause'), 'code')),
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
}

/** What servers that imitate AWS say of operations that they do not have. */
const UNKNOWN_OPERATION = new Set([
  'InvalidAction',
  'UnknownOperation',
  'UnknownOperationException',
  'NotImplemented',
  'UnsupportedOperation',
])
const NOT_IMPLEMENTED = 501

function refusalOf({ name, status }: Failure): CloudRefusal | undefined {
  if (UNKNOWN_OPERATION.has(name) || status === NOT_IMPLEMENTED) return 'unsupported'
  if (CREDENTIALS.has(name)) return 'credentials-invalid'
  if (PERMISSION.has(name)) return 'permission-missing'
  if (/Quota|LimitExceeded$/.test(name) && !THROTTLED.has(name)) return 'quota-exceeded'
  if (name.endsWith('AlreadyExists')) return 'name-taken'
  return name.endsWith('NotFound') ? 'not-found' : undefined
}

/** AWS mostly names the right; where it does not, it is the one of the call. */
function missingPermission({ name, message }: Failure, { service, action }: AwsAttempt): string | undefined {
  if (!PERMISSION.has(name)) return undefined
  return /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1] ?? `${service}:${action}`
}

function reasonOf({ name, message, requestId }: Failure): string {
  const said = message === '' || message === name ? name : `${name}: ${message.replace(/\s+/g, ' ').trim()}`
  return requestId === undefined ? said : `${said} (request ${requestId})`
}

function unreachable({ message, systemCode }: Failure, { service, region }: AwsAttempt): string {
  const hint = systemCode === 'ENOTFOUND' ? `; is there a region ${region}, and does it have ${service}?` : ''
  return `${service} cannot be reached: ${message}${hint}`
}

function adviceFor(refusal: CloudRefusal | undefined, { region }: AwsAttempt, permission: string | undefined): string {
  if (refusal === 'credentials-invalid')
    return '; give valid credentials: AWS_PROFILE, AWS_ACCESS_KEY_ID or a role, and sign in again where a session is over'
  if (refusal === 'permission-missing') return `; allow ${permission ?? 'it'} to the identity that calls`
  if (refusal === 'quota-exceeded') return `; have the quota raised in ${region}, or remove something`
  return ''
}

function described({ service, action, region, about }: AwsAttempt): string {
  return `${service}:${action}${about === undefined ? '' : ` of "${about}"`} in ${region}`
}

function isReading(action: string): boolean {
  return /^(?:Describe|List|Get|Lookup)/.test(action)
}
