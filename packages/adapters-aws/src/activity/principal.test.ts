import { describe, expect, it } from 'vitest'
import { isCaller, principalOf } from './principal.ts'
import { trailRecordSchema } from './trail-record.ts'
import type { TrailRecord } from './trail-record.ts'

const record = (userIdentity: object, members: object = {}): TrailRecord =>
  trailRecordSchema.parse({
    eventID: 'e-1',
    eventTime: '2026-03-02T12:00:00Z',
    eventSource: 'rds.amazonaws.com',
    eventName: 'ModifyDBInstance',
    awsRegion: 'eu-west-1',
    recipientAccountId: '123456789012',
    userIdentity,
    ...members,
  })
const session = (role: string, name: string, more: object = {}): object => ({
  type: 'AssumedRole',
  accountId: '123456789012',
  arn: `arn:aws:sts::123456789012:assumed-role/${role}/${name}`,
  ...more,
})
const SSO = 'arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0a'

describe('who made a call', () => {
  it.each([
    ['an IAM user', { type: 'IAMUser', accountId: '123456789012', userName: 'ada' }, {}, { type: 'user', id: 'ada' }],
    ['root', { type: 'Root', accountId: '123456789012' }, {}, { type: 'user', id: 'root' }],
    [
      'a user of another account',
      { type: 'IAMUser', accountId: '999999999999', userName: 'mallory' },
      {},
      { type: 'user', id: '999999999999/mallory' },
    ],
    ['a session of a role', session('deployer', 'run-17'), {}, { type: 'service', id: 'deployer/run-17' }],
    [
      'a person by single sign-on',
      session('AWSReservedSSO_Admin_0a', 'grace@example.com', { sessionContext: { sessionIssuer: { arn: SSO } } }),
      {},
      { type: 'user', id: 'AWSReservedSSO_Admin_0a/grace@example.com' },
    ],
    [
      'a source identity, which the session cannot choose',
      session('admin', 'whatever', { sessionContext: { sourceIdentity: 'grace' } }),
      {},
      { type: 'user', id: 'admin/grace' },
    ],
    [
      'a role in the console',
      session('admin', 'grace'),
      { sessionCredentialFromConsole: 'true' },
      { type: 'user', id: 'admin/grace' },
    ],
    [
      'AWS by itself',
      { type: 'AWSService', invokedBy: 'rds.amazonaws.com' },
      {},
      { type: 'provider', id: 'rds.amazonaws.com' },
    ],
    ['an event of the service', {}, { eventType: 'AwsServiceEvent' }, { type: 'provider', id: 'rds.amazonaws.com' }],
    ['nobody that the record names', {}, {}, { type: 'service', id: 'unknown' }],
  ])('AWS 13: is told for %s', (_what, identity, members, principal) => {
    expect(principalOf(record(identity, members))).toEqual(principal)
  })

  it('AWS 14: two sessions of one role are one caller, the same name in another account or role is not', () => {
    const own = 'arn:aws:sts::123456789012:assumed-role/ledger/process-1'
    expect(isCaller(record(session('ledger', 'process-2')), own)).toBe(true)
    expect(isCaller(record(session('ledger-2', 'process-1')), own)).toBe(false)
    expect(isCaller(record({ arn: 'arn:aws:sts::999999999999:assumed-role/ledger/process-1' }), own)).toBe(false)
  })
})
