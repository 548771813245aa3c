import type { ResourceObservation } from '../../cloud/observation.ts'
import type { ProviderRef } from '../../cloud/provider-ref.ts'
import { kindOf } from '../../graph/ids.ts'
import { propertyOf } from '../../graph/kind-catalogue.ts'
import { meets } from '../../graph/property-values.ts'
import type { JsonValue } from '../../json.ts'
import { LedgerError } from '../../ledger-error.ts'
import type { HeldDeployment } from './executor-ports.ts'
import { stoppedHalfway } from '../half-way.ts'
import { isTold } from '../read-back.ts'
import type { StepCall, StepOutcome } from './step-runner.ts'

/** How often a resource on its way is looked at, and for how long at most: major upgrades and large restores take hours. */
export const POLL_MS = 10_000
/** Looks at most: a day of them. */
export const POLLS = 6 * 60 * 24

/**
 * Finds out by observing what became of a call whose answer was lost (DEPLOY 7): the outcome, or `not-done` when nothing happened and
 * the call may be made again under the same key. Throws `cloud-refused` when somebody else's change stands in the way.
 */
export async function resolveStep(held: HeldDeployment, call: StepCall): Promise<StepOutcome | 'not-done'> {
  const ref = refOf(call)
  // A last copy is asked for again by its name: the same name is the same copy.
  if (ref === undefined || call.step.operation === 'take-last-copy') return 'not-done'
  const observation = await observeSettled(held, call, ref)
  if (call.step.operation === 'remove') return observation === undefined ? completed(null) : 'not-done'
  if (observation === undefined) {
    if (call.step.operation === 'create') return 'not-done'
    throw refused(call, `${call.step.node} is gone`)
  }
  return call.step.operation === 'create' ? created(call, observation) : updated(held, call, observation)
}

function created(call: StepCall, observation: ResourceObservation): StepOutcome {
  const { idempotencyKey, failure } = observation
  if (failure !== undefined && call.cloud.capabilities(observation.kind)?.runsImages === true)
    throw stoppedHalfway(call.step, observation)
  if (failure !== undefined) throw refused(call, `the creation of ${observation.ref.name} failed: ${failure}`)
  if (idempotencyKey === undefined || idempotencyKey === call.intent.idempotencyKey) return completed(observation)
  throw refused(call, `the name ${observation.ref.name} is taken by a resource that this step did not create`)
}

function updated(held: HeldDeployment, call: StepCall, observation: ResourceObservation): StepOutcome | 'not-done' {
  if (observation.failure !== undefined && call.cloud.capabilities(observation.kind)?.runsImages === true)
    throw stoppedHalfway(call.step, observation)
  const kind = held.kinds.orUnknown(kindOf(call.step.node))
  const { changes, expected } = call.intent
  const isThere = (property: string, wanted: JsonValue, there: JsonValue | undefined): boolean => {
    const definition = propertyOf(kind, property)
    return definition !== undefined && !definition.secret && meets(definition, wanted, there ?? null)
  }
  const open = Object.entries(changes).filter(
    ([property, value]) => !isThere(property, value, observation.properties[property]),
  )
  const deferred = open.filter(([property, value]) => isThere(property, value, observation.deferred[property]))
  if (deferred.length === open.length) return { ...completed(observation), deferred: Object.fromEntries(deferred) }
  const mayBeAsBefore = (property: string): boolean =>
    isThere(property, expected[property] ?? null, observation.properties[property]) ||
    !isTold(observation, property) ||
    propertyOf(kind, property)?.secret === true
  // What nobody can see may be done or not: the same call under the same key does it once.
  if (open.every(([property]) => mayBeAsBefore(property))) return 'not-done'
  throw refused(
    call,
    `${call.step.node} has neither the values before the call nor those after it: somebody else changed it`,
  )
}

/** The resource once its properties are final; undefined when the provider says that it does not exist. */
async function observeSettled(
  held: HeldDeployment,
  call: StepCall,
  ref: ProviderRef,
): Promise<ResourceObservation | undefined> {
  for (let poll = 0; poll < POLLS && !held.signal.aborted; poll++) {
    const observation = await observeOne(call, ref)
    if (observation === undefined || observation.settled) return observation
    await held.clock.sleep(POLL_MS, held.signal)
  }
  throw unknown(call, `${ref.name} did not come to rest`)
}

async function observeOne(call: StepCall, ref: ProviderRef): Promise<ResourceObservation | undefined> {
  for await (const page of call.cloud.observe([ref])) {
    for (const observation of page.found) return observation
    for (const { reason } of page.failed) throw unknown(call, reason)
  }
  return undefined
}

/** The handle to look for: the recorded one, or for a creation the name that its intent gave. */
function refOf({ step, intent, cloud }: StepCall): ProviderRef | undefined {
  if (step.operation !== 'create') return step.ref
  const type = cloud.capabilities(kindOf(step.node))?.refType
  if (step.target === undefined || intent.name === undefined || type === undefined) return undefined
  return { ...step.target, type, name: intent.name }
}

function completed(observation: ResourceObservation | null): StepOutcome {
  return { type: 'completed', observation, deferred: {} }
}

function refused({ cloud, step }: StepCall, reason: string): LedgerError {
  return new LedgerError('cloud-refused', `${step.id}: ${reason}`, {
    provider: cloud.name,
    operation: step.operation,
    reason,
  })
}

function unknown({ cloud, step }: StepCall, reason: string): LedgerError {
  return new LedgerError(
    'cloud-outcome-unknown',
    `${step.id}: ${reason}`,
    { provider: cloud.name, operation: 'observe', reason },
    { retryable: true },
  )
}
