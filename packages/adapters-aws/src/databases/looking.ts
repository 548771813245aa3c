import type { OperationOptions, OperationUpdate, ProviderRef } from '@infraledger/core/adapter'
import type { DbInstance } from '../rds/db-instance-schema.ts'
import { follow, isAtRest } from '../changing/idle.ts'
import type { Following } from '../changing/idle.ts'
import { refused } from '../session/aws-errors.ts'
import { regionOf } from '../session/session.ts'
import type { AwsSession } from '../session/session.ts'

/** What follows the instance behind a ref, checked to be of the caller's account. */
export async function followingOf(
  session: AwsSession,
  ref: ProviderRef,
  action: string,
  options: Pick<OperationOptions, 'signal'> = {},
): Promise<Following> {
  const attempt = { service: 'rds', action, region: regionOf(session, ref), about: ref.name }
  if (ref.provider !== 'aws' || ref.type !== 'rds-instance')
    throw refused(attempt, `${ref.provider} ${ref.type} is no instance of RDS`, 'unsupported')
  await session.checkAccount(ref.account, attempt)
  const instance = { name: ref.name, ...(ref.id === undefined ? {} : { id: ref.id }) }
  return { session, attempt, instance, signal: options.signal }
}

/** The instance once nothing is being done to it; `stopped` where waiting was aborted. */
export async function* atRest(following: Following): AsyncGenerator<OperationUpdate, DbInstance | 'stopped'> {
  const found = yield* follow(following, isAtRest)
  if (found === undefined) throw refused(following.attempt, 'it does not exist', 'not-found')
  return found
}
