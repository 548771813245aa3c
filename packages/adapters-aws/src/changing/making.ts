import type { RDSClient, Tag } from '@aws-sdk/client-rds'
import { isLedgerError } from '@infraledger/core/adapter'
import type { CreateRequest, OperationUpdate } from '@infraledger/core/adapter'
import { creationMarks, keyAsValue, marksOf } from '../marks.ts'
import { findInstance } from '../reading/instances.ts'
import { tagsOf } from '../reading/tags.ts'
import { isBroken } from '../rds/settled-status.ts'
import { refused, unknown } from '../session/aws-errors.ts'
import type { AwsAttempt } from '../session/aws-errors.ts'
import type { AwsSession } from '../session/session.ts'
import { completed, follow, isAtRest } from './idle.ts'

/** An instance to be made, in whatever way. */
export type Making = {
  readonly attempt: AwsAttempt
  readonly name: string
  readonly key: string
  readonly origin: CreateRequest['origin']
  readonly tags: readonly Tag[]
  /** Properties that were asked for, of which the outcome says what was put off. */
  readonly asked: readonly string[]
  readonly signal: AbortSignal | undefined
  /** The call, with the tags that mark what is made. */
  readonly send: (rds: RDSClient, tags: Tag[]) => Promise<unknown>
}

/**
 * Makes an instance and waits until it is there and at rest: RDS takes a first backup after the making, during which nothing else is taken
 * on. RDS knows no idempotency key, so the key is a tag of what is made: where the name is taken, the tag tells whether it is by this
 * very making, which is then gone on with, or by somebody else's.
 */
export async function* making(session: AwsSession, made: Making): AsyncGenerator<OperationUpdate> {
  const { attempt, name, signal, asked } = made
  if (signal?.aborted === true) return
  await ask(session, made)
  const instance = yield* follow({ session, attempt, instance: { name }, signal }, isAtRest)
  if (instance === 'stopped') return
  if (instance === undefined) throw unknown(attempt, 'it was made, and is gone since')
  const status = instance.DBInstanceStatus ?? 'unknown'
  if (isBroken(status)) throw unknown(attempt, `RDS gave it the status ${status}`)
  yield await completed(session, attempt, instance, asked)
}

async function ask(session: AwsSession, { attempt, name, key, origin, tags, send }: Making): Promise<void> {
  const marked = [...tags, ...creationMarks(key, origin)]
  try {
    await session.rds(attempt.region, attempt.action, (rds) => send(rds, marked), { about: name, key })
  } catch (error) {
    if (!isLedgerError(error, 'cloud-refused') || error.details.refusal !== 'name-taken') throw error
    const there = await findInstance(session, attempt.region, { name })
    const marks = there === undefined ? undefined : marksOf(await tagsOf(session, attempt.region, there))
    if (marks?.idempotencyKey !== keyAsValue(key))
      throw refused(attempt, 'the name is taken by an instance that this step did not make', 'name-taken', error)
  }
}
