import {
  CreateDBInstanceReadReplicaCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds'
import type { RDSClient, Tag } from '@aws-sdk/client-rds'
import type {
  CloudProvider,
  OperationOptions,
  OperationUpdate,
  Properties,
  ProviderRef,
} from '@infraledger/core/adapter'
import { making } from '../changing/making.ts'
import { tagsIn } from '../changing/parameters.ts'
import { parametersAtOnce, withPosture } from '../changing/posture.ts'
import { findInstance, observationOf } from '../reading/instances.ts'
import { refused } from '../session/aws-errors.ts'
import type { AwsAttempt } from '../session/aws-errors.ts'
import { regionOf } from '../session/session.ts'
import type { AwsSession } from '../session/session.ts'
import type { ReplicaRequest, RestoreRequest } from './databases.ts'

type Update = CloudProvider['update']

/** Makes a new instance of a backup; what RDS resets is put back before it is said to be there. */
export async function* restore(
  session: AwsSession,
  update: Update,
  request: RestoreRequest,
  options: OperationOptions,
): AsyncGenerator<OperationUpdate> {
  const { from, target, name } = request
  const action = from.type === 'snapshot' ? 'RestoreDBInstanceFromDBSnapshot' : 'RestoreDBInstanceToPointInTime'
  const attempt = { service: 'rds', action, region: target.region, about: name }
  await session.checkAccount(target.account, attempt)
  const posture =
    request.posture ?? (from.type === 'snapshot' ? undefined : await postureOf(session, from.source, attempt))
  if (posture === undefined)
    throw refused(
      attempt,
      'say what a restored snapshot is to have (posture), or RDS gives it no second zone, no protection and its default groups',
    )
  yield* made(session, update, { attempt, name, posture, options, send: sendRestore(request, posture) })
}

function sendRestore(
  { from, name }: RestoreRequest,
  posture: Properties,
): (rds: RDSClient, tags: Tag[]) => Promise<unknown> {
  const given = parametersAtOnce(posture)
  if (from.type === 'snapshot')
    return (rds, tags) =>
      rds.send(
        new RestoreDBInstanceFromDBSnapshotCommand({
          ...given,
          DBInstanceIdentifier: name,
          DBSnapshotIdentifier: from.name,
          Tags: tags,
        }),
      )
  const moment = from.at === 'latest' ? { UseLatestRestorableTime: true } : { RestoreTime: new Date(from.at) }
  const source = { SourceDBInstanceIdentifier: from.source.name }
  return (rds, tags) =>
    rds.send(
      new RestoreDBInstanceToPointInTimeCommand({
        ...given,
        ...source,
        ...moment,
        TargetDBInstanceIdentifier: name,
        Tags: tags,
      }),
    )
}

/** Makes a replica of an instance in the same region. */
export async function* createReplica(
  session: AwsSession,
  update: Update,
  { target, name, source, properties = {} }: ReplicaRequest,
  options: OperationOptions,
): AsyncGenerator<OperationUpdate> {
  const attempt = { service: 'rds', action: 'CreateDBInstanceReadReplica', region: target.region, about: name }
  await session.checkAccount(target.account, attempt)
  const { 'backup.retentionDays': _days, ...inherited } = await postureOf(session, source, attempt)
  const posture = { ...inherited, ...properties }
  const given = parametersAtOnce(posture)
  yield* made(session, update, {
    attempt,
    name,
    posture,
    options,
    send: (rds, tags) =>
      rds.send(
        new CreateDBInstanceReadReplicaCommand({
          ...given,
          DBInstanceIdentifier: name,
          SourceDBInstanceIdentifier: source.name,
          Tags: tags,
        }),
      ),
  })
}

async function* made(
  session: AwsSession,
  update: Update,
  what: {
    readonly attempt: AwsAttempt
    readonly name: string
    readonly posture: Properties
    readonly options: OperationOptions
    readonly send: (rds: RDSClient, tags: Tag[]) => Promise<unknown>
  },
): AsyncGenerator<OperationUpdate> {
  const { attempt, name, posture, send } = what
  const { idempotencyKey: key, signal } = what.options
  const tags = tagsIn(posture, {})
  const asked = Object.keys(posture)
  const operation = making(session, { attempt, name, key, origin: undefined, tags, asked, signal, send })
  yield* withPosture(operation, posture, { update, attempt, key, signal })
}

/** What an instance has now; refused where another one has its name. */
async function postureOf(session: AwsSession, source: ProviderRef, attempt: AwsAttempt): Promise<Properties> {
  const region = regionOf(session, source)
  const described = await findInstance(session, region, {
    name: source.name,
    ...(source.id === undefined ? {} : { id: source.id }),
  })
  if (described === undefined || described.DBInstanceIdentifier !== source.name.toLowerCase())
    throw refused(attempt, `the instance "${source.name}" that it is made of does not exist`, 'not-found')
  const { properties } = await observationOf(session, region, described)
  const flag = properties['provider.publicly_accessible']
  return { ...properties, ...(flag === undefined ? {} : { 'network.publicAccess': flag }) }
}
