import type { ResourceObservation } from '../cloud/observation.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { graphDraft } from '../graph/build.ts'
import { aliveVersion } from '../graph/state.ts'
import { LedgerError } from '../ledger-error.ts'
import type { Step } from '../planning/step.ts'
import { recordNode } from './outcome.ts'

/** A step that came to an end halfway, and what its call left behind. */
export type LeftHalfway = {
  readonly deployment: string
  readonly step: Step
  readonly observation: ResourceObservation
}

/**
 * The version that a call brought about which stopped halfway (COMPUTE 3): only what was read back, with the deployment as its cause. The
 * requests of the step are not applied by it.
 */
export function leftHalfway(
  state: EnvironmentState,
  { deployment, step, observation }: LeftHalfway,
  context: CommandContext,
): readonly DomainEvent[] {
  if (step.operation !== 'create' && step.operation !== 'update') return []
  // What somebody retired meanwhile does not come back by a rollout that failed.
  if (step.operation === 'update' && aliveVersion(state.graph, step.node) === undefined) return []
  const draft = graphDraft(state, { type: 'deployment', deployment, step: step.id, requests: [] })
  const untold = Object.keys(step.changes).filter((property) => !Object.hasOwn(observation.properties, property))
  recordNode(state, draft, step, observation, new Set(untold), context)
  return draft.events
}

/** The error of a rollout of which an observation, and no answer, tells that it stopped halfway. */
export function stoppedHalfway(step: Step, observation: ResourceObservation): LedgerError<'roll-out-incomplete'> {
  const reason = observation.failure ?? 'it stopped halfway'
  return new LedgerError('roll-out-incomplete', `${step.id} did not finish: ${reason}`, {
    provider: observation.ref.provider,
    operation: step.operation,
    reason,
    observation,
  })
}
