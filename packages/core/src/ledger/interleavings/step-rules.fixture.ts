import type { EventData, LedgerEvent } from '../../environment/catalogue.ts'
import { kindOf } from '../../graph/ids.ts'
import type { NodeId } from '../../graph/ids.ts'
import type { Rules, Seen } from './witness.fixture.ts'

/** DEPLOY 2, 7, 8 and PROTECT 2, 4: what deployments do, step by step. */
export const stepRules: Rules = {
  DeploymentTriggered(seen, { data }) {
    seen.open.add(data.deployment)
    seen.deployments.set(data.deployment, data.model)
  },
  DeploymentSucceeded: ({ open }, { data }) => void open.delete(data.deployment),
  DeploymentFailed: ({ open }, { data }) => void open.delete(data.deployment),
  DeploymentCancelled: ({ open }, { data }) => void open.delete(data.deployment),
  DeploymentRejected: ({ open }, { data }) => void open.delete(data.deployment),
  DeploymentSuperseded: ({ open }, { data }) => void open.delete(data.deployment),
  DeletionConfirmed: ({ confirmations }, { data }) => void confirmations.set(data.node, data),
  DeletionConfirmationVoided: ({ confirmations }, { data }) => void confirmations.delete(data.node),
  StepStarted(seen, { data, revision }) {
    sign(seen, revision)
    if (seen.holder?.deployment !== data.deployment)
      seen.say(`DEPLOY 9: ${data.step} began, and nobody holds ${data.deployment}`)
    if (!seen.open.has(data.deployment)) seen.say(`DEPLOY 7: a step of ${data.deployment} began, which has ended`)
    if (seen.succeeded.has(data.idempotencyKey))
      seen.say(`DEPLOY 7: ${data.idempotencyKey} began again after it had succeeded`)
    const node = seen.nodes.get(data.node)
    if (data.operation !== 'create' && node?.ownership !== 'managed')
      seen.say(`OWN 1: a plan has ${data.operation} of ${data.node}, which is ${node?.ownership ?? 'unknown'}`)
    if (data.operation === 'create' && node?.alive === true && node.ownership !== 'managed')
      seen.say(`OWN 1: ${data.node} is observed and made again`)
    if (data.operation === 'remove') checkRemoval(seen, data)
    seen.intents.set(data.idempotencyKey, data)
  },
  ExecutionClaimed(seen, { data, revision }) {
    const before = seen.holder
    const isTaken = before?.deployment === data.deployment && before.executor !== data.executor
    if (isTaken && data.after !== before.sign)
      seen.say(
        `DEPLOY 9: ${data.executor} took ${data.deployment} over after ${data.after}, its last sign was ${before.sign}`,
      )
    seen.holder = { deployment: data.deployment, executor: data.executor, sign: revision }
  },
  ExecutionReleased: (seen) => void (seen.holder = undefined),
  /** What is planned anew is called under other keys, and may have steps of the same names. */
  DeploymentRevised(seen, { data, revision }) {
    sign(seen, revision)
    for (const key of seen.succeeded) if (key.startsWith(`${data.deployment}/`)) seen.succeeded.delete(key)
  },
  PhaseStarted: (seen, { revision }) => sign(seen, revision),
  PhaseCompleted: (seen, { revision }) => sign(seen, revision),
  PlanComputed: (seen, { revision }) => sign(seen, revision),
  PlanStepsRecorded: (seen, { revision }) => sign(seen, revision),
  ApprovalRequested: (seen, { revision }) => sign(seen, revision),
  StepFailed: (seen, { revision }) => sign(seen, revision),
  StepSucceeded: (seen, event) => ended(seen, event),
  StepDeferred(seen, event) {
    const { data } = event
    ended(seen, event)
    for (const property of Object.keys(data.deferred))
      seen.deferred.set(deferredKey(data.node, property), data.deployment)
  },
}

/** Under which a value that was put off is found. */
export function deferredKey(node: NodeId, property: string): string {
  return `${node}|${property}`
}

function sign({ holder }: Seen, revision: number): void {
  if (holder !== undefined) holder.sign = revision
}

function ended(seen: Seen, { data, revision }: LedgerEvent<'StepSucceeded' | 'StepDeferred'>): void {
  sign(seen, revision)
  const { succeeded, say } = seen
  const { deployment, step } = data
  const key = `${deployment}/${step}`
  if (succeeded.has(key)) say(`DEPLOY 7: ${key} ended well twice`)
  succeeded.add(key)
}

/** PROTECT 2, 4: a person's word for this very incarnation, and no protection, stand before the removal of what holds data. */
function checkRemoval({ nodes, kinds, cloud, confirmations, say }: Seen, { node }: EventData<'StepStarted'>): void {
  const known = nodes.get(node)
  // What is gone already is only recorded as gone (OWN 6).
  const isThere = known?.ref !== undefined && cloud.inspect.resource(known.ref) !== undefined
  if (isThere && known.properties['deletionProtection'] === true)
    say(`PROTECT 4: ${node} is removed while its protection is on`)
  if (kinds.orUnknown(kindOf(node)).statefulness === 'stateless') return
  const confirmed = confirmations.get(node)
  if (confirmed === undefined) say(`PROTECT 2: ${node} is removed and nobody confirmed it`)
  else if (confirmed.incarnation !== known?.incarnation)
    say(`PROTECT 2: ${node} is another thing than the one that was confirmed`)
}
