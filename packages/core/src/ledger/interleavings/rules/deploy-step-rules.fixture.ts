import { PHASES } from '../../../deployments/phases.ts'
import type { EventData, LedgerEvent } from '../../../environment/catalogue.ts'
import type { Facts } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import type { Append } from './moment.fixture.ts'

type Holder = { readonly deployment: string; readonly executor: string; sign: number }

/** Signs of life of whoever drives a deployment. */
const SIGNS: ReadonlySet<string> = new Set([
  'PlanComputed',
  'PlanStepsRecorded',
  'ApprovalRequested',
  'PhaseStarted',
  'PhaseCompleted',
  'StepStarted',
  'StepSucceeded',
  'StepDeferred',
  'StepFailed',
  'DeploymentRevised',
])

/** DEPLOY 3, 7 to 10: what deployments do, step by step, and with whose hands. */
export const deployStepRules: MakeRules = (facts, hold) => {
  const succeeded = new Set<string>()
  let holder: Holder | undefined
  let isAfterFailure = false
  return {
    each({ type, revision }) {
      if (holder !== undefined && SIGNS.has(type)) holder.sign = revision
    },
    events: {
      PhaseStarted({ data: { deployment, phase } }) {
        const before = PHASES[PHASES.indexOf(phase) - 1]
        const isNext = before === undefined || facts.deployments.get(deployment)?.plan?.completed.has(before) === true
        hold('DEPLOY 3', isNext, () => `${phase} of ${deployment} began before ${before} was complete`)
      },
      StepStarted({ data }) {
        checkOrder(facts, hold, data)
        hold(
          'DEPLOY 9',
          holder?.deployment === data.deployment,
          () => `${data.step} began, and nobody holds ${data.deployment}`,
        )
        hold('DEPLOY 7', facts.open.has(data.deployment), () => `a step of ${data.deployment} began, which has ended`)
        hold(
          'DEPLOY 7',
          !succeeded.has(data.idempotencyKey),
          () => `${data.idempotencyKey} began again after it had succeeded`,
        )
        hold('DEPLOY 10', facts.openImport === undefined, () => `${data.step} began while an import holds the graph`)
      },
      StepSucceeded: (event, append) => checkOutcome(facts, hold, succeeded, event, append),
      StepDeferred(event, append) {
        checkOutcome(facts, hold, succeeded, event, append)
        const { node, deferred } = event.data
        const minted = append.events.find(
          (one) =>
            one.type === 'NodeVersionRecorded' &&
            one.data.node === node &&
            Object.keys(deferred).some((property) => Object.hasOwn(one.data.set, property)),
        )
        hold(
          'DEPLOY 7',
          minted === undefined,
          () => `${Object.keys(deferred).join()} of ${node} were put off, and minted a version`,
        )
      },
      DeploymentRevised({ data: { deployment } }) {
        checkNoOpenCall(facts, hold, deployment, 'went back to planning')
        // What is planned anew may have steps of the same names.
        for (const key of succeeded) if (key.startsWith(`${deployment}/`)) succeeded.delete(key)
      },
      DeploymentSucceeded: ({ data }) => checkNoOpenCall(facts, hold, data.deployment, 'succeeded'),
      DeploymentFailed: (event, append) => checkKept(facts, hold, event, append),
      DeploymentCancelled: (event, append) => checkKept(facts, hold, event, append),
      DeploymentSuperseded: ({ data }) => checkNoOpenCall(facts, hold, data.deployment, 'was superseded'),
      ExecutionClaimed({ data: { deployment, executor, after }, revision }) {
        const isTaken = holder?.deployment === deployment && holder.executor !== executor
        if (isTaken)
          hold(
            'DEPLOY 9',
            after === holder?.sign,
            () => `${executor} took ${deployment} over after ${after}, its last sign was ${holder?.sign}`,
          )
        hold('DEPLOY 9', facts.open.has(deployment), () => `${executor} holds ${deployment}, which has ended`)
        holder = { deployment, executor, sign: revision }
      },
      ExecutionReleased: () => void (holder = undefined),
    },
    called({ operation, key, ref }) {
      const intent = facts.intents.get(key)
      hold('DEPLOY 7', intent?.operation === operation, () => `${operation} ${key} was called without an intent`)
      if (ref !== undefined && intent !== undefined)
        hold(
          'DEPLOY 7',
          ref.id === intent.ref?.id,
          () => `${operation} ${key} went to ${ref.id}, the intent names ${intent.ref?.id}`,
        )
      if (isAfterFailure)
        hold(
          'DEPLOY 10',
          intent !== undefined,
          () => `${operation} ${key} was called although its intent could not be written`,
        )
      isAfterFailure = false
    },
    storeFailed: () => void (isAfterFailure = true),
    answered() {
      const made = facts.world.resources.flatMap(({ idempotencyKey, status }) =>
        status === 'deleting' ? [] : (idempotencyKey?.split('/create:')[1] ?? []),
      )
      hold(
        'DEPLOY 7',
        made.length === new Set(made).size,
        () => `of one node there are several things: ${made.toSorted().join(', ')}`,
      )
    },
  }
}

/** DEPLOY 3: a step begins in its phase, after all that it needs. */
function checkOrder(facts: Facts, hold: Hold, { deployment, step: id }: EventData<'StepStarted'>): void {
  const plan = facts.deployments.get(deployment)?.plan
  const step = plan?.steps.find((one) => one.id === id)
  if (plan === undefined || step === undefined) return
  const undone = step.after.filter((other) => !plan.done.has(other))
  hold('DEPLOY 3', undone.length === 0, () => `${id} began before ${undone.join(', ')}`)
  hold('DEPLOY 3', !plan.completed.has(step.phase), () => `${id} began after its phase was complete`)
}

/** DEPLOY 7: an outcome comes once, after an intent where a provider was called, and with the version that was read back. */
function checkOutcome(
  facts: Facts,
  hold: Hold,
  succeeded: Set<string>,
  { data: { deployment, step } }: LedgerEvent<'StepSucceeded' | 'StepDeferred'>,
  { events }: Append,
): void {
  const key = `${deployment}/${step}`
  hold('DEPLOY 7', !succeeded.has(key), () => `${key} ended well twice`)
  succeeded.add(key)
  const intent = facts.deployments.get(deployment)?.calls.get(step)
  if (intent?.operation !== 'create') return
  const isTold = events.some(
    (event) => event.type === 'NodeVersionRecorded' && event.data.node === intent.node && event.data.ref !== undefined,
  )
  hold('DEPLOY 7', isTold, () => `${key} made something, and its append does not say what`)
}

function checkNoOpenCall(facts: Facts, hold: Hold, id: string, how: string): void {
  const open = [...(facts.deployments.get(id)?.calls.keys() ?? [])]
  hold('DEPLOY 8', open.length === 0, () => `${id} ${how} while ${open.join(', ')} are open`)
}

/** DEPLOY 8: what a deployment made stays when it fails. */
function checkKept(
  facts: Facts,
  hold: Hold,
  { type, data }: LedgerEvent<'DeploymentFailed' | 'DeploymentCancelled'>,
  { events }: Append,
): void {
  checkNoOpenCall(facts, hold, data.deployment, type)
  const made = [...(facts.deployments.get(data.deployment)?.made ?? [])]
  if (made.length === 0) return
  const undone = events.filter((event) => event.type === 'NodeRetired' && made.includes(event.data.node))
  hold('DEPLOY 8', undone.length === 0, () => `${data.deployment} ended as ${type}, and took back what it had made`)
}
