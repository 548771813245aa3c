import { createHash } from 'node:crypto'
import { DeleteDBInstanceCommand } from '@aws-sdk/client-rds'
import { isLedgerError } from '@infraledger/core/adapter'
import type { CloudProvider, RemoveRequest } from '@infraledger/core/adapter'
import type { DbInstance } from '../rds/db-instance-schema.ts'
import { isBroken } from '../rds/settled-status.ts'
import { refused, unknown } from '../session/aws-errors.ts'
import type { AwsAttempt } from '../session/aws-errors.ts'
import { regionOf } from '../session/session.ts'
import type { AwsSession } from '../session/session.ts'
import { follow, isAtRest } from './idle.ts'
import { newestCopy } from './snapshots.ts'

/** How old a copy may be so that no final snapshot is taken beside it. The ledger takes its last copy right before the removal. */
const COPY_GOOD_FOR_MS = 24 * 60 * 60_000
/** Tries at a removal that others get in the way of. */
const TRIES = 5

/**
 * Removes the instance of that immutable id, never one that has its name by now. What it holds stays in a copy: the one that was taken
 * before, or a final snapshot. Automated backups are kept unless their loss was confirmed; RDS by itself would drop them.
 */
export function removing(session: AwsSession): CloudProvider['remove'] {
  return async function* remove(request, { idempotencyKey, signal }) {
    const { ref, kind } = request
    const attempt = { service: 'rds', action: 'DeleteDBInstance', region: regionOf(session, ref), about: ref.name }
    if (kind !== 'sql-instance' || ref.type !== 'rds-instance')
      throw refused(attempt, `the AWS adapter removes no ${ref.type}; it removes rds-instance`, 'unsupported')
    if (ref.id === undefined) throw refused(attempt, 'a removal names the immutable id, and the ref has none')
    await session.checkAccount(ref.account, attempt)
    const instance = { name: ref.name, id: ref.id }
    for (let tries = 1; ; tries += 1) {
      const there = yield* follow(
        { session, attempt, instance, signal },
        (described) => isAtRest(described) || isGoing(described),
      )
      if (there === 'stopped') return
      if (there === undefined) break
      if (!isGoing(there) && !(await ask(session, attempt, request, there, idempotencyKey)) && tries < TRIES) continue
      const gone = yield* follow({ session, attempt, instance, signal }, (described) => !isGoing(described))
      if (gone === 'stopped') return
      if (gone !== undefined)
        throw unknown(attempt, `its removal came to nothing: it is ${gone.DBInstanceStatus ?? 'there'}`)
      break
    }
    yield { type: 'completed', observation: null, deferred: {} }
  }
}

function isGoing({ DBInstanceStatus: status }: DbInstance): boolean {
  return status === 'deleting'
}

/** Asks for the removal; false where something else was begun on the instance meanwhile, and it has to be looked at again. */
async function ask(
  session: AwsSession,
  attempt: AwsAttempt,
  { removeAutomatedBackups }: RemoveRequest,
  instance: DbInstance,
  key: string,
): Promise<boolean> {
  if (instance.DeletionProtection === true)
    throw refused(
      attempt,
      'deletion protection is on; a person has to switch it off at the provider first',
      'protected',
    )
  const input = {
    DBInstanceIdentifier: instance.DBInstanceIdentifier,
    DeleteAutomatedBackups: removeAutomatedBackups,
    ...(await lastCopy(session, attempt, instance, key)),
  }
  try {
    await session.rds(attempt.region, attempt.action, (rds) => rds.send(new DeleteDBInstanceCommand(input)), {
      about: instance.DBInstanceIdentifier,
      key,
    })
    return true
  } catch (error) {
    // Two deletions race, or something was begun between the look and the call. The error alone does not tell which: look again.
    if (isLedgerError(error, 'cloud-retryable')) return false
    if (isLedgerError(error, 'cloud-refused') && error.details.refusal === 'not-found') return true
    throw error
  }
}

type LastCopy =
  | { readonly SkipFinalSnapshot: true }
  | { readonly SkipFinalSnapshot: false; readonly FinalDBSnapshotIdentifier: string }

/**
 * A final snapshot, unless a fresh copy is there. Replicas and members of clusters have none (RDS DeleteDBInstance,
 * `FinalDBSnapshotIdentifier`), and of what is `failed` or `incompatible-…` none can be taken (`SkipFinalSnapshot`).
 */
async function lastCopy(
  session: AwsSession,
  { region }: AwsAttempt,
  instance: DbInstance,
  key: string,
): Promise<LastCopy> {
  const isReplica = (instance.ReadReplicaSourceDBInstanceIdentifier ?? '') !== ''
  const isMember = (instance.DBClusterIdentifier ?? '') !== ''
  if (isReplica || isMember || isBroken(instance.DBInstanceStatus ?? '')) return { SkipFinalSnapshot: true }
  const { DbiResourceId: id } = instance
  const since = new Date(session.clock.now().getTime() - COPY_GOOD_FOR_MS)
  if (id !== undefined && (await newestCopy(session, region, id, since)) !== undefined)
    return { SkipFinalSnapshot: true }
  const mark = createHash('sha256')
    .update(`${id ?? ''} ${key}`)
    .digest('hex')
    .slice(0, 12)
  return { SkipFinalSnapshot: false, FinalDBSnapshotIdentifier: `${instance.DBInstanceIdentifier}-final-${mark}` }
}
