import { DescribeDBEngineVersionsCommand, ModifyDBInstanceCommand } from '@aws-sdk/client-rds'
import type { OperationOptions, OperationUpdate, ProviderRef } from '@infraledger/core/adapter'
import { completed, follow, isAtRest } from '../changing/idle.ts'
import type { Following } from '../changing/idle.ts'
import { refuseUnseen } from '../changing/unseen.ts'
import { meets } from '../changing/values.ts'
import { observationOf } from '../reading/instances.ts'
import type { DbInstance } from '../rds/db-instance-schema.ts'
import { refused, unknown } from '../session/aws-errors.ts'
import type { AwsSession } from '../session/session.ts'
import type { UpgradeRequest, UpgradeTarget } from './databases.ts'
import { atRest, followingOf } from './looking.ts'

/** Where RDS lets an instance be upgraded to. */
export async function upgradeTargets(session: AwsSession, ref: ProviderRef): Promise<readonly UpgradeTarget[]> {
  const following = await followingOf(session, ref, 'DescribeDBEngineVersions')
  const waiting = follow(following, () => true)
  let looked = await waiting.next()
  while (looked.done !== true) looked = await waiting.next()
  if (looked.value === undefined || looked.value === 'stopped')
    throw refused(following.attempt, 'it does not exist', 'not-found')
  return targetsOf(following, looked.value)
}

/** Upgrades an instance to a version that RDS offers. Asked again it goes on, and is done where that version runs. */
export async function* upgrade(
  session: AwsSession,
  { ref, to, acknowledgeDowntime, when }: UpgradeRequest,
  options: OperationOptions,
): AsyncGenerator<OperationUpdate> {
  const following = await followingOf(session, ref, 'ModifyDBInstance', options)
  const { attempt } = following
  if (!acknowledgeDowntime)
    throw refused(attempt, 'an upgrade interrupts service for minutes; say acknowledgeDowntime: true')
  const instance = yield* atRest(following)
  if (instance === 'stopped') return
  if (!isShown(instance, to, when)) await ask(following, instance, { to, when, key: options.idempotencyKey })
  const after = yield* follow(following, (described) => isAtRest(described) && isShown(described, to, when))
  if (after === 'stopped') return
  if (after === undefined) throw unknown(attempt, 'it was being upgraded, and is gone since')
  yield await completed(session, attempt, after, ['engineVersion'])
}

async function ask(
  following: Following,
  instance: DbInstance,
  { to, when, key }: { to: string; when: UpgradeRequest['when']; key: string },
): Promise<void> {
  const { session, attempt } = following
  const targets = await targetsOf(following, instance)
  const target = targets.find(({ version }) => meets('engineVersion', to, version))
  if (target === undefined) throw refused(attempt, noTarget(instance, to, targets), 'unsupported')
  const isNow = when === 'now'
  if (isNow) refuseUnseen(await observationOf(session, attempt.region, instance), ['engineVersion'], attempt)
  const input = {
    DBInstanceIdentifier: instance.DBInstanceIdentifier,
    EngineVersion: target.version,
    AllowMajorVersionUpgrade: target.isMajor,
    ApplyImmediately: isNow,
  }
  await session.rds(attempt.region, attempt.action, (rds) => rds.send(new ModifyDBInstanceCommand(input)), {
    about: instance.DBInstanceIdentifier,
    key,
  })
}

function noTarget(
  { Engine: engine, EngineVersion: version }: DbInstance,
  to: string,
  targets: readonly UpgradeTarget[],
): string {
  const known = targets.length === 0 ? 'nothing' : targets.map((target) => target.version).join(', ')
  return `RDS does not upgrade ${engine} ${version} to ${to}; it offers ${known}`
}

function isShown(described: DbInstance, to: string, when: UpgradeRequest['when']): boolean {
  const waiting = described.PendingModifiedValues?.EngineVersion
  const isWaiting = when === 'maintenance-window' && waiting !== undefined && meets('engineVersion', to, waiting)
  return isWaiting || meets('engineVersion', to, described.EngineVersion ?? '')
}

async function targetsOf({ session, attempt }: Following, instance: DbInstance): Promise<readonly UpgradeTarget[]> {
  const { Engine: engine, EngineVersion: version } = instance
  if (engine === undefined || version === undefined) return []
  const input = { Engine: engine, EngineVersion: version }
  const answer = await session.rds(
    attempt.region,
    'DescribeDBEngineVersions',
    (rds) => rds.send(new DescribeDBEngineVersionsCommand(input)),
    {
      about: instance.DBInstanceIdentifier,
    },
  )
  return (answer.DBEngineVersions ?? []).flatMap(({ ValidUpgradeTarget: targets = [] }) =>
    targets.flatMap((target) =>
      target.EngineVersion === undefined
        ? []
        : [{ version: target.EngineVersion, isMajor: target.IsMajorVersionUpgrade === true }],
    ),
  )
}
