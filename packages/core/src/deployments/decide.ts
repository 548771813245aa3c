import { match } from 'ts-pattern'
import { modelEvents } from '../application/record.ts'
import type { Decide } from '../environment/decision.ts'
import type { DeploymentCommand } from './commands.ts'
import { decideApproval, decideRejection } from './decide-approval.ts'
import { decideClaim, decideRelease, lostClaim } from './decide-claim.ts'
import { decideCancellation, decideFailure, decideSuccess } from './decide-end.ts'
import { decidePhaseCompletion, decidePhaseStart } from './decide-phase.ts'
import { decideReview } from './decide-emergency.ts'
import { decidePlan } from './decide-plan.ts'
import { decideRevision } from './decide-revision.ts'
import { decideStepFailure, decideStepOutcome, decideStepStart } from './decide-step.ts'
import { decideTrigger } from './decide-trigger.ts'

/** The rules of deployments (DEPLOY 1–13). */
export const decideDeployment: Decide<DeploymentCommand> = (state, command, context) => {
  const lost = lostClaim(state, command)
  return lost === undefined ? decideClaimed(state, command, context) : { type: 'rejected', rejection: lost }
}

const decideClaimed: Decide<DeploymentCommand> = (state, command, context) =>
  match(command)
    .with({ type: 'record-model' }, ({ model }) => ({
      type: 'accepted' as const,
      events: modelEvents(state.application, model),
      divisible: true,
    }))
    .with({ type: 'trigger-deployment' }, { type: 'trigger-emergency' }, (it) => decideTrigger(state, it, context))
    .with({ type: 'plan-deployment' }, (it) => decidePlan(state, it, context))
    .with({ type: 'approve-deployment' }, (it) => decideApproval(state, it, context))
    .with({ type: 'reject-deployment' }, (it) => decideRejection(state, it, context))
    .with({ type: 'review-deployment' }, (it) => decideReview(state, it, context))
    .with({ type: 'cancel-deployment' }, (it) => decideCancellation(state, it, context))
    .with({ type: 'claim-execution' }, (it) => decideClaim(state, it, context))
    .with({ type: 'release-execution' }, (it) => decideRelease(state, it, context))
    .with({ type: 'revise-deployment' }, (it) => decideRevision(state, it, context))
    .with({ type: 'start-phase' }, (it) => decidePhaseStart(state, it, context))
    .with({ type: 'complete-phase' }, (it) => decidePhaseCompletion(state, it, context))
    .with({ type: 'start-step' }, (it) => decideStepStart(state, it, context))
    .with({ type: 'finish-step' }, (it) => decideStepOutcome(state, it, context))
    .with({ type: 'fail-step' }, (it) => decideStepFailure(state, it, context))
    .with({ type: 'finish-deployment' }, (it) => decideSuccess(state, it, context))
    .with({ type: 'fail-deployment' }, (it) => decideFailure(state, it, context))
    .exhaustive()
