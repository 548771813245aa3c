import type { ActivityEntry } from '@infraledger/core/adapter'
import { accountOf } from './trail-record.ts'
import type { TrailRecord } from './trail-record.ts'

type Principal = ActivityEntry['principal']

/**
 * Who made a call: `ada` for an IAM user, `Admin/ada` for somebody's session of the role Admin, `root`, or the service that acted by
 * itself. A caller of another account has that account before the name. A session is taken for a person's where AWS says so (single
 * sign-on, a source identity, the console); any other is a service account's, for its name is whatever the caller chose.
 */
export function principalOf(record: TrailRecord): Principal {
  const { userIdentity: identity, eventType } = record
  const service = identity.invokedBy ?? record.eventSource
  if (eventType === 'AwsServiceEvent' || identity.type === 'AWSService') return { type: 'provider', id: service }
  const foreign = identity.accountId !== undefined && identity.accountId !== accountOf(record)
  const name = nameOf(record)
  return { type: isPerson(record) ? 'user' : 'service', id: foreign ? `${identity.accountId}/${name}` : name }
}

/** The role or user behind an ARN, without the session: two processes of one role are the same identity. */
export function identityBehind(arn: string): string {
  const role = /:assumed-role\/([^/]+)\//.exec(arn)
  return role?.[1] === undefined ? (arn.split('/').at(-1) ?? arn) : `${role[1]}/`
}

/** Whether a record's caller is the identity of that ARN, in whatever session. */
export function isCaller(record: TrailRecord, arn: string): boolean {
  const { arn: called } = record.userIdentity
  return (
    called !== undefined && called.split(':')[4] === arn.split(':')[4] && identityBehind(called) === identityBehind(arn)
  )
}

function nameOf({ userIdentity: identity }: TrailRecord): string {
  if (identity.type === 'Root') return 'root'
  const session = /:assumed-role\/([^/]+)\/(.+)$/.exec(identity.arn ?? '')
  const person = identity.sessionContext?.sourceIdentity
  if (session?.[1] !== undefined && session[2] !== undefined) return `${session[1]}/${person ?? session[2]}`
  return identity.userName ?? identity.arn?.split('/').at(-1) ?? identity.accountId ?? 'unknown'
}

const PERSONS = new Set(['IAMUser', 'Root', 'FederatedUser', 'SAMLUser', 'WebIdentityUser', 'IdentityCenterUser'])

function isPerson({ userIdentity: identity, sessionCredentialFromConsole: console }: TrailRecord): boolean {
  if (PERSONS.has(identity.type ?? '')) return true
  const isSignedOn =
    identity.sessionContext?.sessionIssuer?.arn?.includes(':role/aws-reserved/sso.amazonaws.com/') === true
  return isSignedOn || console === 'true' || identity.sessionContext?.sourceIdentity !== undefined
}
