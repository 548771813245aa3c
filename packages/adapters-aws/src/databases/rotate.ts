import { AddTagsToResourceCommand, ModifyDBInstanceCommand } from '@aws-sdk/client-rds'
import type { OperationOptions, OperationUpdate, ProviderRef } from '@infraledger/core/adapter'
import { completed, follow, isAtRest } from '../changing/idle.ts'
import { refuseUnseen } from '../changing/unseen.ts'
import { appliedMark, marksOf, wasApplied } from '../marks.ts'
import { observationOf } from '../reading/instances.ts'
import type { DbInstance } from '../rds/db-instance-schema.ts'
import { refused, unknown } from '../session/aws-errors.ts'
import type { AwsSession } from '../session/session.ts'
import { atRest, followingOf } from './looking.ts'

/**
 * Has RDS change the master password that it keeps in Secrets Manager, and waits until the new one is current there. Under a key that was
 * applied already, nothing is changed once more.
 */
export async function* rotateMasterPassword(
  session: AwsSession,
  { ref }: { readonly ref: ProviderRef },
  options: OperationOptions,
): AsyncGenerator<OperationUpdate> {
  const following = await followingOf(session, ref, 'ModifyDBInstance', options)
  const { attempt } = following
  const instance = yield* atRest(following)
  if (instance === 'stopped') return
  const secret = instance.MasterUserSecret?.SecretArn
  if (secret === undefined)
    throw refused(
      attempt,
      'its password is not kept by RDS; set provider.manage_master_user_password first',
      'unsupported',
    )
  const key = options.idempotencyKey
  if (!wasApplied(marksOf(instance.TagList), key)) {
    const before = await session.secretVersion(attempt.region, secret)
    refuseUnseen(await observationOf(session, attempt.region, instance), [], attempt)
    await ask(session, attempt.region, instance, key)
    const rotated = yield* follow({ ...following }, (described) => isAtRest(described) && !isRotating(described))
    if (rotated === 'stopped') return
    if ((await session.secretVersion(attempt.region, secret)) === before)
      throw unknown(attempt, 'RDS is done, and the secret is the same as before')
  }
  const after = yield* follow(following, (described) => isAtRest(described) && !isRotating(described))
  if (after === 'stopped') return
  if (after === undefined) throw unknown(attempt, 'it was there, and is gone since')
  yield await completed(session, attempt, after, [])
}

function isRotating({ MasterUserSecret: secret }: DbInstance): boolean {
  const status: unknown = secret?.['SecretStatus']
  return status === 'rotating' || status === 'creating'
}

async function ask(session: AwsSession, region: string, instance: DbInstance, key: string): Promise<void> {
  const about = { about: instance.DBInstanceIdentifier, key }
  const input = {
    DBInstanceIdentifier: instance.DBInstanceIdentifier,
    RotateMasterUserPassword: true,
    ApplyImmediately: true,
  }
  await session.rds(region, 'ModifyDBInstance', (rds) => rds.send(new ModifyDBInstanceCommand(input)), about)
  const tags = { ResourceName: instance.DBInstanceArn, Tags: [appliedMark(marksOf(instance.TagList), key)] }
  await session.rds(region, 'AddTagsToResource', (rds) => rds.send(new AddTagsToResourceCommand(tags)), about)
}
