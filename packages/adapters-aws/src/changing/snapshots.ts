import { CreateDBSnapshotCommand, DescribeDBSnapshotsCommand } from '@aws-sdk/client-rds'
import type { DBSnapshot } from '@aws-sdk/client-rds'
import { isLedgerError } from '@infraledger/core/adapter'
import type { CloudProvider, SnapshotReceipt } from '@infraledger/core/adapter'
import { refused, retryable } from '../session/aws-errors.ts'
import type { AwsAttempt } from '../session/aws-errors.ts'
import { regionOf } from '../session/session.ts'
import type { AwsSession } from '../session/session.ts'
import { follow, isAtRest } from './idle.ts'

/** Takes a copy of an instance, or answers for the one of that name. Names of snapshots are in lower case, as RDS keeps them. */
export function copying(session: AwsSession): CloudProvider['snapshot'] {
  return async ({ ref, kind, name }, { idempotencyKey: key, signal }) => {
    const attempt = { service: 'rds', action: 'CreateDBSnapshot', region: regionOf(session, ref), about: ref.name }
    if (kind !== 'sql-instance' || ref.type !== 'rds-instance')
      throw refused(attempt, `the AWS adapter takes no snapshots of ${ref.type}`, 'unsupported')
    await session.checkAccount(ref.account, attempt)
    const known = await findSnapshot(session, attempt.region, name)
    if (known !== undefined) return receiptOf(name, known, ref.id, attempt)
    const instance = { name: ref.name, ...(ref.id === undefined ? {} : { id: ref.id }) }
    // What is busy takes no snapshot; the copy is wanted of what comes of it.
    const waiting = follow({ session, attempt, instance, signal }, isAtRest)
    let looked = await waiting.next()
    while (looked.done !== true) looked = await waiting.next()
    if (looked.value === 'stopped') throw retryable(attempt, 'it was stopped before a copy could be taken')
    if (looked.value === undefined) throw refused(attempt, 'it does not exist', 'not-found')
    const input = { DBInstanceIdentifier: looked.value.DBInstanceIdentifier, DBSnapshotIdentifier: name }
    try {
      await session.rds(attempt.region, attempt.action, (rds) => rds.send(new CreateDBSnapshotCommand(input)), {
        about: ref.name,
        key,
      })
    } catch (error) {
      // The SDK asks again where an answer is lost, so the name may be taken by this very call.
      if (!isLedgerError(error, 'cloud-refused') || error.details.refusal !== 'name-taken') throw error
    }
    const taken = await findSnapshot(session, attempt.region, name)
    return taken === undefined ? { name, status: 'creating' } : receiptOf(name, taken, ref.id, attempt)
  }
}

/** A copy that people or tools took of an instance and that can be restored, none older than `since`; undefined where there is none. */
export async function newestCopy(
  session: AwsSession,
  region: string,
  source: string,
  since: Date,
): Promise<DBSnapshot | undefined> {
  const input = { DbiResourceId: source, SnapshotType: 'manual' }
  const answer = await session.rds(
    region,
    'DescribeDBSnapshots',
    (rds) => rds.send(new DescribeDBSnapshotsCommand(input)),
    {
      about: source,
    },
  )
  return (answer.DBSnapshots ?? []).find(
    (copy) =>
      copy.DbiResourceId === source &&
      copy.Status === 'available' &&
      copy.SnapshotCreateTime !== undefined &&
      copy.SnapshotCreateTime.getTime() >= since.getTime(),
  )
}

async function findSnapshot(session: AwsSession, region: string, name: string): Promise<DBSnapshot | undefined> {
  const input = { DBSnapshotIdentifier: name }
  try {
    const answer = await session.rds(
      region,
      'DescribeDBSnapshots',
      (rds) => rds.send(new DescribeDBSnapshotsCommand(input)),
      {
        about: name,
      },
    )
    return answer.DBSnapshots?.find((copy) => copy.DBSnapshotIdentifier === name.toLowerCase())
  } catch (error) {
    if (isLedgerError(error, 'cloud-refused') && error.details.refusal === 'not-found') return undefined
    throw error
  }
}

function receiptOf(name: string, copy: DBSnapshot, source: string | undefined, attempt: AwsAttempt): SnapshotReceipt {
  if (source !== undefined && copy.DbiResourceId !== undefined && copy.DbiResourceId !== source)
    throw refused(
      attempt,
      `the snapshot "${name}" is one of another instance, ${copy.DBInstanceIdentifier}`,
      'name-taken',
    )
  if (copy.Status === 'available') return { name, status: 'available' }
  return { name, status: copy.Status === 'failed' ? 'failed' : 'creating' }
}
