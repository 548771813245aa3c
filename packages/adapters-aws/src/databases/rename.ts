import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds'
import type { OperationOptions, OperationUpdate, ProviderRef } from '@infraledger/core/adapter'
import { completed, follow, isAtRest } from '../changing/idle.ts'
import { refuseUnseen } from '../changing/unseen.ts'
import { observationOf } from '../reading/instances.ts'
import { refused, unknown } from '../session/aws-errors.ts'
import type { AwsSession } from '../session/session.ts'
import { atRest, followingOf } from './looking.ts'

/** Gives the instance of an immutable id another name. Asked again it is done where it has that name. */
export async function* rename(
  session: AwsSession,
  { ref, name }: { readonly ref: ProviderRef; readonly name: string },
  options: OperationOptions,
): AsyncGenerator<OperationUpdate> {
  const following = await followingOf(session, ref, 'ModifyDBInstance', options)
  const { attempt } = following
  // RDS keeps identifiers in lower case.
  const wanted = name.toLowerCase()
  if (ref.id === undefined) throw refused(attempt, 'a rename names the immutable id, and the ref has none')
  const instance = yield* atRest(following)
  if (instance === 'stopped') return
  if (instance.DBInstanceIdentifier !== wanted) {
    refuseUnseen(await observationOf(session, attempt.region, instance), ['provider.identifier'], attempt)
    const input = {
      DBInstanceIdentifier: instance.DBInstanceIdentifier,
      NewDBInstanceIdentifier: name,
      ApplyImmediately: true,
    }
    await session.rds(attempt.region, attempt.action, (rds) => rds.send(new ModifyDBInstanceCommand(input)), {
      about: ref.name,
      key: options.idempotencyKey,
    })
  }
  const renamed = yield* follow(
    following,
    (described) => isAtRest(described) && described.DBInstanceIdentifier === wanted,
  )
  if (renamed === 'stopped') return
  if (renamed === undefined) throw unknown(attempt, 'it was being renamed, and is gone since')
  yield await completed(session, attempt, renamed, ['provider.identifier'])
}
