import { CreateDBInstanceCommand } from '@aws-sdk/client-rds'
import type { CreateDBInstanceCommandInput } from '@aws-sdk/client-rds'
import { isLedgerError } from '@infraledger/core/adapter'
import type { CloudProvider, CreateRequest, OperationUpdate, Properties } from '@infraledger/core/adapter'
import { creationMarks, keyAsValue, marksOf } from '../marks.ts'
import { findInstance } from '../reading/instances.ts'
import { isBroken } from '../rds/settled-status.ts'
import { refused, unknown } from '../session/aws-errors.ts'
import type { AwsAttempt } from '../session/aws-errors.ts'
import type { AwsSession } from '../session/session.ts'
import { completed, follow, isAtRest } from './idle.ts'
import { creationParameters } from './parameters.ts'
import type { CreationDefaults } from './parameters.ts'

/**
 * Makes an instance. RDS knows no idempotency key, so the key is a tag of what is made: where the name is taken, the tag tells whether it
 * is by this very creation, which is then gone on with, or by somebody else's.
 */
export function creating(session: AwsSession, defaults: CreationDefaults): CloudProvider['create'] {
  return async function* create(request, { idempotencyKey, signal }) {
    const { target, kind, name } = request
    const attempt = { service: 'rds', action: 'CreateDBInstance', region: target.region, about: name }
    if (kind !== 'sql-instance')
      throw refused(attempt, `the AWS adapter makes no ${kind}; it makes sql-instance`, 'unsupported')
    if (target.provider !== 'aws') throw refused(attempt, `${target.provider} is another cloud`)
    await session.checkAccount(target.account, attempt)
    if (signal?.aborted === true) return
    await ask(session, request, { idempotencyKey, defaults, attempt })
    yield* finishCreation(session, attempt, request.properties, name, signal)
  }
}

async function ask(
  session: AwsSession,
  request: CreateRequest,
  { idempotencyKey, defaults, attempt }: { idempotencyKey: string; defaults: CreationDefaults; attempt: AwsAttempt },
): Promise<void> {
  const parameters: CreateDBInstanceCommandInput = {
    ...creationParameters(request, defaults, attempt),
    DBInstanceIdentifier: request.name,
  }
  const marks = creationMarks(idempotencyKey, request.origin)
  const tags = [...(parameters.Tags ?? []), ...marks]
  try {
    await session.rds(
      attempt.region,
      attempt.action,
      (rds) => rds.send(new CreateDBInstanceCommand({ ...parameters, Tags: tags })),
      {
        about: request.name,
        key: idempotencyKey,
      },
    )
  } catch (error) {
    if (!isLedgerError(error, 'cloud-refused') || error.details.refusal !== 'name-taken') throw error
    const there = await findInstance(session, attempt.region, { name: request.name })
    const isOurs = marksOf(there?.TagList).idempotencyKey === keyAsValue(idempotencyKey)
    if (there === undefined || !isOurs)
      throw refused(attempt, 'the name is taken by an instance that this step did not make', 'name-taken', error)
  }
}

/** Waits until it is there and at rest: RDS takes a first backup after the creation, during which nothing else is taken on. */
async function* finishCreation(
  session: AwsSession,
  attempt: AwsAttempt,
  properties: Properties,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<OperationUpdate> {
  const instance = yield* follow({ session, attempt, instance: { name }, signal }, isAtRest)
  if (instance === 'stopped') return
  if (instance === undefined) throw unknown(attempt, 'it was made, and is gone since')
  const status = instance.DBInstanceStatus ?? 'unknown'
  if (isBroken(status)) throw unknown(attempt, `RDS gave it the status ${status}`)
  yield await completed(session, attempt, instance, Object.keys(properties))
}
