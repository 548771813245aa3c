import { AddTagsToResourceCommand, ModifyDBInstanceCommand, RemoveTagsFromResourceCommand } from '@aws-sdk/client-rds'
import type { ModifyDBInstanceCommandInput } from '@aws-sdk/client-rds'
import { isLedgerError } from '@infraledger/core/adapter'
import type {
  CloudProvider,
  OperationUpdate,
  Properties,
  ResourceObservation,
  UpdateRequest,
} from '@infraledger/core/adapter'
import { appliedMark, marksOf, wasApplied } from '../marks.ts'
import { observationOf } from '../reading/instances.ts'
import { tagsOf } from '../reading/tags.ts'
import { dbInstanceObservation } from '../rds/db-instance-observation.ts'
import type { DbInstance } from '../rds/db-instance-schema.ts'
import { attemptsOf, refused, unknown } from '../session/aws-errors.ts'
import type { AwsAttempt } from '../session/aws-errors.ts'
import { regionOf } from '../session/session.ts'
import type { AwsSession } from '../session/session.ts'
import { completed, follow, isAtRest } from './idle.ts'
import type { Following } from './idle.ts'
import { labelIn, labelText, modificationParameters } from './parameters.ts'
import { refuseUnseen } from './unseen.ts'
import { isPutOff, isThere, meets, waits } from './values.ts'

/** Looks in which RDS may show neither the old values as pending nor the new ones: its descriptions lag behind. */
const LOOKS_FOR_EFFECT = 20

/**
 * Changes an instance by comparing and then setting: it is read once more, and unless every expected value is there, nothing is called.
 * Only what differs is sent. RDS has no version to compare for us, so what somebody changes in the moment between is not seen.
 */
export function updating(session: AwsSession): CloudProvider['update'] {
  return async function* update(request, { idempotencyKey, signal }) {
    const { ref, kind } = request
    const attempt = { service: 'rds', action: 'ModifyDBInstance', region: regionOf(session, ref), about: ref.name }
    if (kind !== 'sql-instance' || ref.type !== 'rds-instance')
      throw refused(attempt, `the AWS adapter changes no ${ref.type}; it changes rds-instance`, 'unsupported')
    await session.checkAccount(ref.account, attempt)
    const following = {
      session,
      attempt,
      instance: { name: ref.name, ...(ref.id === undefined ? {} : { id: ref.id }) },
      signal,
    }
    const instance = yield* follow(following, isAtRest)
    if (instance === 'stopped') return
    if (instance === undefined) throw refused(attempt, 'it does not exist', 'not-found')
    if (instance.DBInstanceStatus === 'stopped')
      throw refused(attempt, 'it is stopped, and RDS changes nothing of what is stopped; start it first')
    const marks = marksOf(await tagsOf(session, attempt.region, instance))
    const isDone = wasApplied(marks, idempotencyKey)
    if (!isDone) await change(session, request, { instance, idempotencyKey, attempt })
    yield* finishChange(following, request, isDone)
  }
}

async function change(
  session: AwsSession,
  request: UpdateRequest,
  { instance, idempotencyKey, attempt }: { instance: DbInstance; idempotencyKey: string; attempt: AwsAttempt },
): Promise<void> {
  const observation = await observationOf(session, attempt.region, instance)
  compare(observation, request.expected, attempt)
  refuseForbidden(observation, request.changes, attempt)
  const different = Object.fromEntries(
    Object.entries(request.changes).filter(([property, value]) => !isThere(observation, property, value)),
  )
  const isNow =
    request.when === 'now' && Object.keys(different).some((property) => waits(property, different, observation))
  if (isNow) refuseUnseen(observation, [...Object.keys(request.changes), ...Object.keys(request.expected)], attempt)
  const parameters = modificationParameters(different, observation.properties, attempt)
  // "InvalidParameterCombination: No modifications were requested" is what RDS says to nothing.
  if (Object.keys(parameters).length > 0) {
    const input = { ...parameters, DBInstanceIdentifier: instance.DBInstanceIdentifier, ApplyImmediately: isNow }
    await modify(session, attempt, input, idempotencyKey)
  }
  await tag(session, attempt, instance, { different, idempotencyKey })
}

async function modify(
  session: AwsSession,
  attempt: AwsAttempt,
  input: ModifyDBInstanceCommandInput,
  key: string,
): Promise<void> {
  try {
    await session.rds(attempt.region, attempt.action, (rds) => rds.send(new ModifyDBInstanceCommand(input)), {
      about: attempt.about ?? '',
      key,
    })
  } catch (error) {
    // The SDK has asked twice, and RDS is busy with what it was asked the first time, or with somebody else's: the look that follows tells.
    if (!isLedgerError(error, 'cloud-retryable') || attemptsOf(error) < 2) throw error
  }
}

/** Labels, and the mark that this update was done, which a late duplicate finds. */
async function tag(
  session: AwsSession,
  attempt: AwsAttempt,
  instance: DbInstance,
  { different, idempotencyKey }: { different: Properties; idempotencyKey: string },
): Promise<void> {
  const arn = instance.DBInstanceArn
  if (arn === undefined) throw unknown(attempt, 'RDS does not tell its ARN, so it cannot be tagged')
  const labels = Object.entries(different).flatMap(([property, value]) => {
    const key = labelIn(property)
    return key === undefined ? [] : [{ key, value }]
  })
  const set = labels
    .filter(({ value }) => value !== null)
    .map(({ key, value }) => ({ Key: key, Value: labelText(value) }))
  const gone = labels.filter(({ value }) => value === null).map(({ key }) => key)
  const options = { about: instance.DBInstanceIdentifier, key: idempotencyKey }
  if (gone.length > 0) {
    const input = { ResourceName: arn, TagKeys: gone }
    await session.rds(
      attempt.region,
      'RemoveTagsFromResource',
      (rds) => rds.send(new RemoveTagsFromResourceCommand(input)),
      options,
    )
  }
  const marks = marksOf(await tagsOf(session, attempt.region, instance))
  const input = { ResourceName: arn, Tags: [...set, appliedMark(marks, idempotencyKey)] }
  await session.rds(
    attempt.region,
    'AddTagsToResource',
    (rds) => rds.send(new AddTagsToResourceCommand(input)),
    options,
  )
}

/** Refuses a change that was decided on other values than there are. */
function compare({ properties }: ResourceObservation, expected: Properties, attempt: AwsAttempt): void {
  for (const [property, value] of Object.entries(expected)) {
    const actual = properties[property] ?? null
    if (meets(property, value, actual) || property === 'masterPassword') continue
    const found = `${property} is ${JSON.stringify(actual)}, not ${JSON.stringify(value)} as expected`
    throw refused(attempt, `${found}; nothing was changed`, 'values-moved')
  }
}

/** What is never done by changing a property, whoever asks. */
function refuseForbidden(observation: ResourceObservation, changes: Properties, attempt: AwsAttempt): void {
  if (changes['deletionProtection'] === false && observation.properties['deletionProtection'] === true)
    throw refused(attempt, 'deletion protection is only switched off by a person, at the provider', 'protected')
  const [version, before] = [changes['engineVersion'], observation.properties['engineVersion']]
  if (typeof version === 'string' && typeof before === 'string' && majorOf(version) !== majorOf(before))
    throw refused(
      attempt,
      `from engine version ${before} to ${version} is a major upgrade, which is no change of a property`,
      'unsupported',
    )
  if (changes['network.publicAccess'] === true && observation.properties['provider.publicly_accessible'] === true)
    throw refused(
      attempt,
      'it is flagged as publicly accessible already, and no security group of it lets the internet in',
    )
}

/** PostgreSQL from 10 on counts major versions in the first number, the others of RDS in the first two (RDS User Guide, "Upgrading"). */
function majorOf(version: string): string {
  const [first = '', second = ''] = version.split('.')
  return Number(first) >= 10 ? first : `${first}.${second}`
}

/** Waits until what was asked for is in force, or shown as put off where that is right. */
async function* finishChange(
  following: Following,
  request: UpdateRequest,
  wasDone: boolean,
): AsyncGenerator<OperationUpdate> {
  const { session, attempt } = following
  const asked = Object.keys(request.changes)
  const isShown = (described: DbInstance, isLate: boolean): boolean => {
    // Which flag is set counts here, not who can reach the instance.
    const seen = dbInstanceObservation(described)
    return asked.every((property) => {
      const value = request.changes[property] ?? null
      // A password cannot be seen: it is there once none waits any more.
      if (property === 'masterPassword') return !Object.hasOwn(seen.deferred, property)
      const mayWait = isLate || (request.when !== 'now' && waits(property, request.changes, seen))
      return isThere(seen, property, value) || (mayWait && isPutOff(seen, property, value))
    })
  }
  const instance = yield* follow(following, (described, looks) => {
    const isLate = looks > LOOKS_FOR_EFFECT
    return isAtRest(described) && (isLate || isShown(described, isLate))
  })
  if (instance === 'stopped') return
  if (instance === undefined) throw unknown(attempt, 'it was changed, and is gone since')
  // A late duplicate finds that it was done, and maybe undone by somebody since: what is there now is the answer.
  if (!wasDone && !isShown(instance, true))
    throw unknown(attempt, 'RDS accepted the change, and shows it neither as done nor as waiting')
  yield await completed(session, attempt, instance, asked)
}
