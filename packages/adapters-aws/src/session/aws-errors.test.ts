import { describe, expect, it } from 'vitest'
import { attemptsOf, classified } from './aws-errors.ts'

const MODIFY = { service: 'rds', action: 'ModifyDBInstance', region: 'eu-west-1', about: 'orders' }
const DESCRIBE = { service: 'rds', action: 'DescribeDBInstances', region: 'eu-west-1' }
const failed = (name: string, message = 'no', members: object = {}): Error =>
  Object.assign(new Error(message), { name, ...members })
const answered = (name: string, status: number, message?: string): Error =>
  failed(name, message, { $metadata: { httpStatusCode: status, requestId: 'r-1', attempts: 3 } })

describe('an error of AWS', () => {
  it.each([
    ['ExpiredToken', 403, 'credentials-invalid'],
    ['ExpiredTokenException', 400, 'credentials-invalid'],
    ['InvalidClientTokenId', 403, 'credentials-invalid'],
    ['UnrecognizedClientException', 400, 'credentials-invalid'],
    ['AccessDenied', 403, 'permission-missing'],
    ['AccessDeniedException', 400, 'permission-missing'],
    ['InstanceQuotaExceededFault', 400, 'quota-exceeded'],
    ['StorageQuotaExceededFault', 400, 'quota-exceeded'],
    ['DBInstanceAlreadyExistsFault', 400, 'name-taken'],
    ['DBInstanceNotFoundFault', 404, 'not-found'],
    ['InvalidAction', 400, 'unsupported'],
    ['InternalFailure', 501, 'unsupported'],
    ['InvalidParameterCombination', 400, undefined],
  ])('AWS 12: %s (%s) is refused: %s', (name, status, refusal) => {
    const error = classified(answered(name, status), MODIFY)
    expect([error.code, error.details]).toMatchObject([
      'cloud-refused',
      { provider: 'aws', operation: 'ModifyDBInstance' },
    ])
    expect(error.details).toHaveProperty('reason', expect.stringContaining('request r-1'))
    if (refusal === undefined) expect(error.details).not.toHaveProperty('refusal')
    else expect(error.details).toHaveProperty('refusal', refusal)
  })

  it.each([
    ['Throttling', 400],
    ['ThrottlingException', 400],
    ['RequestLimitExceeded', 503],
    ['InvalidDBInstanceStateFault', 400],
    ['InsufficientDBInstanceCapacityFault', 400],
  ])('AWS 12: %s (%s) may pass, and nothing happened', (name, status) => {
    const error = classified(answered(name, status), MODIFY)
    expect([error.code, error.retryable]).toEqual(['cloud-retryable', true])
    expect(attemptsOf(error)).toBe(3)
  })

  it.each([
    ['a defect of AWS', answered('InternalFailure', 500)],
    ['a time limit', failed('TimeoutError')],
    ['a cut connection', failed('Error', 'socket hang up', { code: 'ECONNRESET' })],
  ])('AWS 12: after %s nobody knows what became of a change, and a reading is made again', (_what, error) => {
    expect(classified(error, MODIFY).code).toBe('cloud-outcome-unknown')
    expect(classified(error, DESCRIBE).code).toBe('cloud-retryable')
  })

  it('AWS 12: of a connection that never came about it is known that nothing happened; an unknown region is named', () => {
    const error = classified(
      failed('Error', 'getaddrinfo ENOTFOUND rds.eu-wset-1.amazonaws.com', { code: 'ENOTFOUND' }),
      MODIFY,
    )
    expect(error.code).toBe('cloud-retryable')
    expect(error.message).toContain('is there a region eu-west-1')
  })

  it('AWS 12: a call that the SDK cannot make is refused; an answer that it does not understand leaves open what happened', () => {
    expect(classified(failed('Error', 'Region not accepted: region="eu west 1"'), MODIFY).code).toBe('cloud-refused')
    const odd = failed('SyntaxError', 'Unexpected token', { $responseBodyText: '<html>' })
    expect(classified(odd, MODIFY).code).toBe('cloud-outcome-unknown')
    expect(classified(failed('Error', 'bad', { $response: {} }), MODIFY).code).toBe('cloud-outcome-unknown')
  })

  it('AWS 12: the right that AWS names is told, else the one of the call', () => {
    const named = classified(
      answered('AccessDenied', 403, 'User: arn is not authorized to perform: iam:PassRole on resource: x'),
      MODIFY,
    )
    expect(named.details).toMatchObject({ permission: 'iam:PassRole' })
    expect(
      classified(answered('UnauthorizedOperation', 403), {
        ...DESCRIBE,
        service: 'ec2',
        action: 'DescribeSecurityGroups',
      }).details,
    ).toMatchObject({
      permission: 'ec2:DescribeSecurityGroups',
    })
  })
})
