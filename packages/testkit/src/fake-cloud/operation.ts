import { canonicalJson } from '@infraledger/core/adapter'
import type { JsonValue, OperationOptions, OperationUpdate } from '@infraledger/core/adapter'
import { LEDGER_PRINCIPAL } from './activity.ts'
import { arriveNow } from './agenda.ts'
import { attemptOf, call, crash } from './call.ts'
import type { Served } from './call.ts'
import type { Accepted, Deed } from './deed.ts'
import { outcomeUnknown, refused, retryable } from './errors.ts'
import type { Attempt } from './errors.ts'
import type { FaultEffect } from './fault-book.ts'
import { observationOf } from './seeing.ts'
import { resourceOf } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import { isGone } from './world.ts'
import type { FakeOperation } from './world.ts'

/** An operation that somebody asks for: on what, and all that was said. */
export type Request = {
  readonly type: FakeOperation['type']
  readonly kind: string
  readonly name: string
  readonly content: JsonValue
}

/** Accepts a request, or throws; `effect` is false where there was nothing to do. */
export type Accept = (deed: Deed) => { readonly accepted: Accepted; readonly effect: boolean }

/**
 * Sends a request and waits for its end on the clock, telling the status whenever it looked. The same idempotency key finds the same
 * operation again. Aborting ends the waiting without an outcome; the operation itself goes on in the cloud.
 */
export async function* drive(
  simulation: Simulation,
  request: Request,
  { idempotencyKey: key, signal }: OperationOptions,
  accept: Accept,
): AsyncGenerator<OperationUpdate> {
  const { clock, settings, world } = simulation
  const subject = { operation: request.type, kind: request.kind, name: request.name, key }
  const attempt = attemptOf(simulation, subject)
  if (signal?.aborted) return
  const { operation, fate } = await call(simulation, subject, (now, met) => {
    const deed = { by: { principal: LEDGER_PRINCIPAL, key }, attempt, now, doomed: met?.type === 'fail-midway' }
    const served = once(simulation, key, request, attempt, () => accept(deed))
    return { ...served, answer: { operation: served.answer, fate: met } }
  })
  for (let now = arriveNow(simulation); now < operation.endsAt; now = arriveNow(simulation)) {
    yield { type: 'progress', status: resourceOf(world, operation.resource).status }
    dieWaiting(fate, attempt)
    await clock.sleep(Math.min(settings.pollMs, operation.endsAt - now), signal)
    if (signal?.aborted) return
  }
  dieWaiting(fate, attempt)
  yield conclude(simulation, operation, attempt)
}

function once(
  { world }: Simulation,
  key: string,
  request: Request,
  attempt: Attempt,
  accept: () => ReturnType<Accept>,
): Served<FakeOperation> {
  const content = canonicalJson(request.content)
  const known = world.operations.get(key)
  if (known !== undefined) {
    if (known.type === request.type && known.request === content) return { answer: known, effect: false }
    throw refused(attempt, `the idempotency key ${key} was used for another request`)
  }
  const { accepted, effect } = accept()
  const operation: FakeOperation = { key, type: request.type, request: content, ...accepted }
  world.operations.set(key, operation)
  return { answer: operation, effect }
}

function dieWaiting(fate: FaultEffect | undefined, attempt: Attempt): void {
  if (fate?.type === 'crash' && fate.point === 'while-waiting') throw crash(fate.point, attempt)
}

function conclude(simulation: Simulation, operation: FakeOperation, attempt: Attempt): OperationUpdate {
  const { world } = simulation
  if (operation.doomed && operation.type === 'create') throw outcomeUnknown(attempt, 'the creation failed halfway')
  if (operation.doomed) {
    // It came to nothing, so the same key may try once more.
    world.operations.delete(operation.key)
    throw retryable(attempt, 'it failed halfway and was undone')
  }
  if (operation.type === 'remove') return { type: 'completed', observation: null, deferred: {} }
  const resource = resourceOf(world, operation.resource)
  if (isGone(resource)) throw outcomeUnknown(attempt, 'it was done, and somebody has removed the resource since')
  const deferred = Object.entries(resource.deferred).filter(([property]) => operation.properties.includes(property))
  return {
    type: 'completed',
    observation: observationOf(simulation, resource, world.time),
    deferred: Object.fromEntries(deferred),
    ...(deferred.length > 0 && resource.deferredUntil !== null
      ? { deferredUntil: new Date(resource.deferredUntil).toISOString() }
      : {}),
  }
}
