import type { CloudProvider, Operation, OperationUpdate } from '../../cloud/cloud-provider.ts'
import type { EventData } from '../../environment/catalogue.ts'
import { kindOf } from '../../graph/ids.ts'
import { aliveVersion } from '../../graph/state.ts'
import { LedgerError } from '../../ledger-error.ts'
import type { Step } from '../../planning/step.ts'
import { isReplicaStill } from '../../protection/replica.ts'
import { movedBeforeCall } from './call-check.ts'
import { stepFailure } from './executor-errors.ts'
import { heldStep } from './executor-ports.ts'
import type { HeldDeployment } from './executor-ports.ts'
import type { Moved } from './moved.ts'
import type { StepState } from '../deployment.ts'
import { POLL_MS, POLLS, resolveStep } from './step-resolver.ts'
import { tellStep } from './told-run.ts'

/** Attempts at a step whose errors are retryable, and the first wait between two (doubled each time). */
export const STEP_ATTEMPTS = 6
const BACKOFF_MS = 2_000
/** Longest wait between two attempts, whatever the provider asks for. */
const LONGEST_WAIT_MS = 60 * 60_000
/** Longest result of a step that is recorded. */
const RESULT_CHARACTERS = 1_024

/** What a provider call came to, as the ledger is told. */
export type StepOutcome = Extract<OperationUpdate, { type: 'completed' }> & { readonly result?: string }

/** Where a step's call goes, and the intent that was recorded for it. */
export type StepCall = { readonly step: Step; readonly intent: EventData<'StepStarted'>; readonly cloud: CloudProvider }

/** The outcome of what changes the record alone. */
const NOTHING_CALLED: StepOutcome = { type: 'completed', observation: null, deferred: {} }

/**
 * Runs one step to an outcome: look, intent, call, outcome (DEPLOY 5, 7). A step that was started before (by an executor that died) and a
 * call whose outcome is unknown are resolved by observing. Retryable errors are tried again with growing waits; a refusal is recorded.
 * Answers how what it was about to touch has moved since the plan was made: then no call was made, and nothing recorded.
 */
export async function runStep(held: HeldDeployment, id: string): Promise<Moved | undefined> {
  return tellStep(
    held.telling,
    held.id,
    () => heldStep(held, id),
    () => runAttempts(held, id),
  )
}

async function runAttempts(held: HeldDeployment, id: string): Promise<Moved | undefined> {
  for (let attempt = 1; attempt <= STEP_ATTEMPTS && !held.signal.aborted; attempt++) {
    const state = heldStep(held, id)
    if (state === undefined || state.status === 'succeeded' || state.status === 'deferred') return undefined
    try {
      const outcome = await attemptStep(held, state)
      if (outcome !== undefined && 'moved' in outcome) return outcome
      if (outcome !== undefined) await finish(held, id, outcome)
      return undefined
    } catch (error) {
      const failure = stepFailure(error, heldStep(held, id)?.status === 'started')
      if (failure === undefined) throw error
      // An unknown outcome leaves the intent open: the next attempt observes. Only giving up is recorded, and to be stopped is not that.
      const isOpen = failure.outcome === 'unknown' && (attempt < STEP_ATTEMPTS || held.signal.aborted)
      if (!isOpen) await held.execute({ type: 'fail-step', deployment: held.id, step: id, ...failure })
      if (failure.outcome === 'refused') return undefined
      await held.clock.sleep(waitAfter(attempt, failure.retryAfterMs), held.signal)
    }
  }
  return undefined
}

function waitAfter(attempt: number, retryAfterMs: number): number {
  if (attempt === STEP_ATTEMPTS) return 0
  return Math.min(Math.max(retryAfterMs, BACKOFF_MS * 2 ** (attempt - 1)), LONGEST_WAIT_MS)
}

/** One attempt: the outcome, what has moved, or undefined when the signal aborted before there was one. */
async function attemptStep(held: HeldDeployment, state: StepState): Promise<StepOutcome | Moved | undefined> {
  const { step } = state
  if (step.operation === 'record') return NOTHING_CALLED
  const start = (): Promise<unknown> => held.execute({ type: 'start-step', deployment: held.id, step: step.id })
  const isStarted = (): boolean => heldStep(held, step.id)?.status === 'started'
  const isCalled = step.operation !== 'remove' || step.ref !== undefined
  const cloud = isCalled ? cloudOf(held, step) : undefined
  // A call that is gone on with has its intent already, so nothing else would ask whether the ledger is there (DEPLOY 10).
  if (isStarted()) await held.renewClaim()
  const doubtful = doubtfulIntents(held, state)
  if (cloud === undefined || doubtful.length > 0) {
    if (!isStarted()) await start()
    if (!isStarted()) return undefined
    if (cloud === undefined) return NOTHING_CALLED
    const known = await resolveAll(held, step, doubtful, cloud)
    if (known !== 'not-done') return known
  }
  if (!isStarted()) {
    const moved = await movedBeforeCall(held, step, cloud)
    if (moved !== undefined) return moved
    await start()
  }
  const intent = heldStep(held, step.id)?.intent
  // Somebody wants the deployment cancelled, so it was not begun.
  if (intent === undefined || !isStarted()) return undefined
  if (step.operation === 'remove') await proveLastCopy({ step, intent, cloud })
  await held.assureClaim()
  return drive(held, call(held, { step, intent, cloud }))
}

/** Finds out what became of calls without an outcome; a removal that was not done is decided once more, for much may speak against it by now. */
async function resolveAll(
  held: HeldDeployment,
  step: Step,
  doubtful: readonly StepCall['intent'][],
  cloud: CloudProvider,
): Promise<StepOutcome | 'not-done'> {
  for (const intent of doubtful) {
    const known = await resolveStep(held, { step, intent, cloud })
    if (known !== 'not-done') return known
  }
  if (step.operation === 'remove') {
    const interrupted = { outcome: 'retryable', code: 'interrupted', message: 'the removal had not begun' } as const
    await held.execute({ type: 'fail-step', deployment: held.id, step: step.id, ...interrupted })
  }
  return 'not-done'
}

/** Intents whose calls may have happened: of this step, and of a creation that an earlier deployment left without an outcome. */
function doubtfulIntents(
  held: HeldDeployment,
  { step, status, intent, error }: StepState,
): readonly StepCall['intent'][] {
  const earlier = step.operation === 'create' ? held.state().deployments.unresolved.get(step.node) : undefined
  const own = status === 'started' || error?.outcome === 'unknown' ? intent : undefined
  return [own, earlier].filter((one) => one !== undefined)
}

function call(held: HeldDeployment, { step, intent, cloud }: StepCall): Operation {
  const kind = kindOf(step.node)
  const options = { idempotencyKey: intent.idempotencyKey, signal: held.signal }
  const { ref } = step
  if (step.operation === 'create' && step.target !== undefined && intent.name !== undefined) {
    return cloud.create(
      {
        target: step.target,
        kind,
        name: intent.name,
        properties: intent.changes,
        dependencies: dependencies(held, step),
        origin: { environment: held.state().environment.name, node: step.node },
      },
      options,
    )
  }
  if (ref === undefined) throw refusal(cloud, step, 'no handle of the resource at the provider is known')
  if (step.operation === 'update')
    return cloud.update({ ref, kind, changes: intent.changes, expected: intent.expected, when: step.when }, options)
  if (step.operation === 'take-last-copy') return snapshot(held, { step, intent, cloud })
  return cloud.remove({ ref, kind, removeAutomatedBackups: step.removal?.automatedBackupsToo === true }, options)
}

/** Takes a last copy and waits until the provider vouches for it; asked again with the same name, it answers for the same copy. */
async function* snapshot(held: HeldDeployment, { cloud, step, intent }: StepCall): Operation {
  if (step.ref === undefined || intent.name === undefined) throw refusal(cloud, step, 'there is nothing to copy')
  const request = { ref: step.ref, kind: kindOf(step.node), name: intent.name }
  for (let poll = 0; poll < POLLS && !held.signal.aborted; poll++) {
    await held.assureClaim()
    const receipt = await cloud.snapshot(request, { idempotencyKey: intent.idempotencyKey, signal: held.signal })
    if (receipt.status === 'failed') throw refusal(cloud, step, `the last copy ${receipt.name} failed`)
    if (receipt.status === 'available') {
      yield { type: 'completed', observation: null, deferred: {} }
      return
    }
    yield { type: 'progress', status: `last copy ${receipt.name} is being made` }
    await held.clock.sleep(POLL_MS, held.signal)
  }
}

/** PROTECT 6: what must be empty is looked at right before it goes. The other last copies are steps of their own. */
async function proveLastCopy({ step, cloud }: StepCall): Promise<void> {
  if (step.removal?.lastCopy === 'replica') return proveReplica({ step, cloud })
  if (step.removal?.lastCopy !== 'must-be-empty' || step.ref === undefined) return
  for await (const page of cloud.observe([step.ref])) {
    for (const { empty } of page.found)
      if (empty !== true) throw refusal(cloud, step, 'it is not empty, and its kind is removed only when it is')
    for (const { reason } of page.failed) throw refusal(cloud, step, `whether it is empty could not be read: ${reason}`)
  }
}

/** PROTECT 6: a replica that was promoted meanwhile holds data of its own. */
async function proveReplica({ step, cloud }: Pick<StepCall, 'step' | 'cloud'>): Promise<void> {
  if (step.ref === undefined) return
  for await (const page of cloud.observe([step.ref])) {
    for (const { properties } of page.found)
      if (!isReplicaStill(properties))
        throw refusal(cloud, step, 'it is no replica any more, and no last copy was taken of it')
    for (const { reason } of page.failed)
      throw refusal(cloud, step, `whether it is a replica could not be read: ${reason}`)
  }
}

/** Follows an operation to its end. */
async function drive(held: HeldDeployment, operation: Operation): Promise<StepOutcome | undefined> {
  for await (const update of operation) if (update.type === 'completed') return update
  if (held.signal.aborted) return undefined
  throw new LedgerError('cloud-outcome-unknown', 'the operation ended without saying how', {
    provider: 'unknown',
    operation: 'unknown',
    reason: 'no outcome',
  })
}

async function finish(held: HeldDeployment, step: string, outcome: StepOutcome): Promise<void> {
  const { observation, deferred, deferredUntil, result } = outcome
  await held.execute({
    type: 'finish-step',
    deployment: held.id,
    step,
    observation,
    deferred,
    ...(deferredUntil === undefined ? {} : { until: deferredUntil }),
    ...(result === undefined ? {} : { result: result.slice(0, RESULT_CHARACTERS) }),
  })
}

/** Provider handles of what the node needs, so that the provider can place it. */
function dependencies(held: HeldDeployment, step: Step): { kind: string; ref: NonNullable<Step['ref']> }[] {
  return step.edges.flatMap(({ to }) => {
    const ref = aliveVersion(held.state().graph, to)?.ref
    return ref === undefined ? [] : [{ kind: kindOf(to), ref }]
  })
}

function cloudOf(held: HeldDeployment, step: Step): CloudProvider {
  const provider = step.ref?.provider ?? step.target?.provider ?? 'none'
  const cloud = held.clouds.get(provider)
  if (cloud !== undefined) return cloud
  throw new LedgerError(
    'cloud-not-configured',
    `${step.id} needs the cloud "${provider}": give it to openLedger({ clouds })`,
    { provider },
  )
}

function refusal(cloud: CloudProvider, step: Step, reason: string): LedgerError {
  return new LedgerError('cloud-refused', `${step.id}: ${reason}`, {
    provider: cloud.name,
    operation: step.operation,
    reason,
  })
}
