import type { CloudProvider, Operation, OperationUpdate } from '../cloud/cloud-provider.ts'
import type { EventData } from '../environment/catalogue.ts'
import { kindOf } from '../graph/ids.ts'
import { aliveVersion } from '../graph/state.ts'
import { isLedgerError, LedgerError } from '../ledger-error.ts'
import type { Step } from '../planning/step.ts'
import { isReplicaStill } from '../protection/replica.ts'
import type { ExecutorPorts } from './executor.ts'
import { stepFailure } from './executor-errors.ts'
import type { StepState } from './state.ts'
import { POLL_MS, POLLS, resolveStep } from './step-resolver.ts'

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
 * Runs one step to an outcome: intent, call, outcome (DEPLOY 7). A step that was started before (by an executor that died) and a call
 * whose outcome is unknown are resolved by observing. Retryable errors are tried again with growing waits; a refusal is recorded.
 */
export async function runStep(ports: ExecutorPorts, deployment: string, id: string): Promise<void> {
  for (let attempt = 1; attempt <= STEP_ATTEMPTS && !ports.signal.aborted; attempt++) {
    const state = stepState(ports, deployment, id)
    if (state === undefined || state.status === 'succeeded' || state.status === 'deferred') return
    try {
      const outcome = await attemptStep(ports, deployment, state)
      if (outcome !== undefined) await finish(ports, deployment, id, outcome)
      return
    } catch (error) {
      // Another executor has begun the same step: what became of its call is found out like that of a call of our own.
      if (isLedgerError(error, 'deployment-in-progress')) continue
      const failure = stepFailure(error, stepState(ports, deployment, id)?.status === 'started')
      if (failure === undefined) throw error
      // An unknown outcome leaves the intent open: the next attempt observes. Only giving up is recorded, and to be stopped is not that.
      const isOpen = failure.outcome === 'unknown' && (attempt < STEP_ATTEMPTS || ports.signal.aborted)
      if (!isOpen) await ports.execute({ type: 'fail-step', deployment, step: id, ...failure })
      if (failure.outcome === 'refused') return
      await ports.clock.sleep(waitAfter(attempt, failure.retryAfterMs), ports.signal)
    }
  }
}

function waitAfter(attempt: number, retryAfterMs: number): number {
  if (attempt === STEP_ATTEMPTS) return 0
  return Math.min(Math.max(retryAfterMs, BACKOFF_MS * 2 ** (attempt - 1)), LONGEST_WAIT_MS)
}

/** One attempt: the outcome, or undefined when the signal aborted before there was one. */
async function attemptStep(
  ports: ExecutorPorts,
  deployment: string,
  state: StepState,
): Promise<StepOutcome | undefined> {
  const { step } = state
  if (step.operation === 'record') return NOTHING_CALLED
  const doubtful = doubtfulIntents(ports, state)
  const wasStarted = state.status === 'started'
  const start = (): Promise<unknown> => ports.execute({ type: 'start-step', deployment, step: step.id })
  const isCalled = step.operation !== 'remove' || step.ref !== undefined
  const cloud = isCalled ? cloudOf(ports, step) : undefined
  if (!wasStarted) await start()
  if (cloud === undefined) return NOTHING_CALLED
  for (const intent of doubtful) {
    const known = await resolveStep(ports, { step, intent, cloud })
    if (known !== 'not-done') return known
  }
  if (wasStarted && step.operation === 'remove') {
    // What speaks against the removal may have come up since it was decided: it is decided once more.
    const interrupted = { outcome: 'retryable', code: 'interrupted', message: 'the removal had not begun' } as const
    await ports.execute({ type: 'fail-step', deployment, step: step.id, ...interrupted })
    await start()
  }
  const intent = stepState(ports, deployment, step.id)?.intent
  if (intent === undefined) return undefined
  if (step.operation === 'remove') await proveLastCopy({ step, intent, cloud })
  return drive(ports, call(ports, { step, intent, cloud }))
}

/** Intents whose calls may have happened: of this step, and of a creation that an earlier deployment left without an outcome. */
function doubtfulIntents(
  ports: ExecutorPorts,
  { step, status, intent, error }: StepState,
): readonly StepCall['intent'][] {
  const earlier = step.operation === 'create' ? ports.state().deployments.unresolved.get(step.node) : undefined
  const own = status === 'started' || error?.outcome === 'unknown' ? intent : undefined
  return [own, earlier].filter((one) => one !== undefined)
}

function call(ports: ExecutorPorts, { step, intent, cloud }: StepCall): Operation {
  const kind = kindOf(step.node)
  const options = { idempotencyKey: intent.idempotencyKey, signal: ports.signal }
  const { ref } = step
  if (step.operation === 'create' && step.target !== undefined && intent.name !== undefined) {
    return cloud.create(
      {
        target: step.target,
        kind,
        name: intent.name,
        properties: intent.changes,
        dependencies: dependencies(ports, step),
      },
      options,
    )
  }
  if (ref === undefined) throw refusal(cloud, step, 'no handle of the resource at the provider is known')
  if (step.operation === 'update')
    return cloud.update({ ref, kind, changes: intent.changes, expected: intent.expected, when: step.when }, options)
  if (step.operation === 'take-last-copy') return snapshot(ports, { step, intent, cloud })
  return cloud.remove({ ref, kind, removeAutomatedBackups: step.removal?.automatedBackupsToo === true }, options)
}

/** Takes a last copy and waits until the provider vouches for it; asked again with the same name, it answers for the same copy. */
async function* snapshot(ports: ExecutorPorts, { cloud, step, intent }: StepCall): Operation {
  if (step.ref === undefined || intent.name === undefined) throw refusal(cloud, step, 'there is nothing to copy')
  const request = { ref: step.ref, kind: kindOf(step.node), name: intent.name }
  for (let poll = 0; poll < POLLS && !ports.signal.aborted; poll++) {
    const receipt = await cloud.snapshot(request, { idempotencyKey: intent.idempotencyKey, signal: ports.signal })
    if (receipt.status === 'failed') throw refusal(cloud, step, `the last copy ${receipt.name} failed`)
    if (receipt.status === 'available') {
      yield { type: 'completed', observation: null, deferred: {} }
      return
    }
    yield { type: 'progress', status: `last copy ${receipt.name} is being made` }
    await ports.clock.sleep(POLL_MS, ports.signal)
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
async function drive(ports: ExecutorPorts, operation: Operation): Promise<StepOutcome | undefined> {
  for await (const update of operation) if (update.type === 'completed') return update
  if (ports.signal.aborted) return undefined
  throw new LedgerError('cloud-outcome-unknown', 'the operation ended without saying how', {
    provider: 'unknown',
    operation: 'unknown',
    reason: 'no outcome',
  })
}

async function finish(ports: ExecutorPorts, deployment: string, step: string, outcome: StepOutcome): Promise<void> {
  const { observation, deferred, deferredUntil, result } = outcome
  await ports.execute({
    type: 'finish-step',
    deployment,
    step,
    observation,
    deferred,
    ...(deferredUntil === undefined ? {} : { until: deferredUntil }),
    ...(result === undefined ? {} : { result: result.slice(0, RESULT_CHARACTERS) }),
  })
}

/** Provider handles of what the node needs, so that the provider can place it. */
function dependencies(ports: ExecutorPorts, step: Step): { kind: string; ref: NonNullable<Step['ref']> }[] {
  return step.edges.flatMap(({ to }) => {
    const ref = aliveVersion(ports.state().graph, to)?.ref
    return ref === undefined ? [] : [{ kind: kindOf(to), ref }]
  })
}

function cloudOf(ports: ExecutorPorts, step: Step): CloudProvider {
  const provider = step.ref?.provider ?? step.target?.provider ?? 'none'
  const cloud = ports.clouds.get(provider)
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

function stepState(ports: ExecutorPorts, deployment: string, id: string): StepState | undefined {
  return ports.state().deployments.deployments.get(deployment)?.plan?.steps.get(id)
}
