import type { EventData, Handlers, LedgerEvent } from '../environment/catalogue.ts'

/** Which executor drives the open deployment, as far as the ledger was told. */
export type Claim = Pick<EventData<'ExecutionClaimed'>, 'deployment' | 'executor' | 'leaseMs'> & {
  /** Revision of the holder's last event: its last sign of life. */
  sign: number
}

/** The claim on the open deployment; there is at most one of each. */
export type ClaimSlice = { claim: Claim | undefined }

/** Nobody drives anything. */
export function noClaim(): ClaimSlice {
  return { claim: undefined }
}

type OfDeployment = { readonly data: { readonly deployment: string }; readonly revision: number }

/** Only the holder says these things: each shows that it is alive. */
function sign({ claim }: ClaimSlice, { data, revision }: OfDeployment): void {
  if (claim?.deployment === data.deployment) claim.sign = revision
}

function drop(slice: ClaimSlice, { data }: { readonly data: { readonly deployment: string } }): void {
  if (slice.claim?.deployment === data.deployment) slice.claim = undefined
}

/** What each event says about who drives the deployment (DEPLOY 9). */
export const claimHandlers = {
  ExecutionClaimed(slice, { data, revision }: LedgerEvent<'ExecutionClaimed'>) {
    const { deployment, executor, leaseMs } = data
    slice.claim = { deployment, executor, leaseMs, sign: revision }
  },
  ExecutionReleased: drop,
  PlanStepsRecorded: sign,
  PlanComputed: sign,
  ApprovalRequested: sign,
  DeploymentRevised: sign,
  PhaseStarted: sign,
  StepStarted: sign,
  StepSucceeded: sign,
  StepDeferred: sign,
  StepFailed: sign,
  PhaseCompleted: sign,
  DeploymentSucceeded: drop,
  DeploymentFailed: drop,
  DeploymentCancelled: drop,
  DeploymentRejected: drop,
  DeploymentSuperseded: drop,
} satisfies Handlers<ClaimSlice>
