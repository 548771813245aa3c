import type { CloudProvider } from '../../cloud/cloud-provider.ts'
import type { ResourceObservation } from '../../cloud/observation.ts'
import { refKey } from '../../cloud/provider-ref.ts'
import type { ProviderRef } from '../../cloud/provider-ref.ts'
import { isLedgerError, LedgerError } from '../../ledger-error.ts'
import type { Step } from '../../planning/step.ts'
import type { HeldDeployment } from './executor-ports.ts'
import { movedFrom } from './moved.ts'
import type { Moved } from './moved.ts'
import { POLL_MS } from './step-resolver.ts'

/** Looks at a resource that somebody else is changing, before it is let go: an hour of them. */
const SETTLING_LOOKS = 6 * 60

/**
 * DEPLOY 5: observes what a step is about to touch, right before its call. Answers how it differs from what the plan expected; a
 * resource that is just being changed is waited for first. Throws `cloud-retryable` where it cannot be read: then nothing is called.
 */
export async function movedBeforeCall(
  held: HeldDeployment,
  step: Step,
  cloud: CloudProvider,
): Promise<Moved | undefined> {
  const { ref } = step
  if (step.operation === 'create' || step.operation === 'record' || ref === undefined) return undefined
  for (let look = 0; look < SETTLING_LOOKS; look++) {
    const observation = await observeOne(held, step, cloud, ref)
    // It was known when this was planned: planning once more changes nothing about it.
    if (observation === undefined && held.state().drift.missing.has(step.node)) throw gone(cloud, step)
    if (observation === undefined || observation.settled) return movedFrom(step, observation, held.kinds)
    held.signal.throwIfAborted()
    await held.clock.sleep(POLL_MS, held.signal)
    held.signal.throwIfAborted()
  }
  return { reason: `${step.node} is being changed by somebody else and does not come to rest`, moved: [] }
}

/** What the provider says of the very resource; undefined when that is gone, also when another one bears its name. */
async function observeOne(
  held: HeldDeployment,
  step: Step,
  cloud: CloudProvider,
  ref: ProviderRef,
): Promise<ResourceObservation | undefined> {
  try {
    for await (const { found, missing, failed } of cloud.observe([ref], { signal: held.signal })) {
      for (const { reason } of failed) throw unread(cloud, step, reason)
      for (const observation of found) return isSame(ref, observation.ref) ? observation : undefined
      if (missing.length > 0) return undefined
    }
  } catch (error) {
    // A read changes nothing, so one of unknown outcome is simply read again.
    if (isLedgerError(error, 'cloud-outcome-unknown')) throw unread(cloud, step, error.message)
    throw error
  }
  held.signal.throwIfAborted()
  throw unread(cloud, step, 'the provider gave no answer')
}

/** One was asked for, so the answer is about it, unless the name has been given to another thing. */
function isSame(ref: ProviderRef, observed: ProviderRef): boolean {
  return ref.id === undefined || observed.id === undefined || refKey(ref) === refKey(observed)
}

function gone(cloud: CloudProvider, step: Step): LedgerError {
  const reason = `${step.node} is gone at the provider`
  return new LedgerError('cloud-refused', `${step.id}: ${reason}`, {
    provider: cloud.name,
    operation: step.operation,
    reason,
  })
}

function unread(cloud: CloudProvider, step: Step, reason: string): LedgerError {
  return new LedgerError(
    'cloud-retryable',
    `${step.id}: ${step.node} could not be read right before its call: ${reason}`,
    { provider: cloud.name, operation: 'observe', reason },
    { retryable: true },
  )
}
