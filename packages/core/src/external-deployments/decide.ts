import { match } from 'ts-pattern'
import type { Decide } from '../environment/decision.ts'
import type { ExternalDeploymentCommand } from './commands.ts'
import { decideExternalApproval, decideExternalRejection } from './decide-approval.ts'
import { decideApplyReport, decideWithdrawal } from './decide-end.ts'
import { decideProposal } from './decide-proposal.ts'
import { decideSettlement } from './decide-settlement.ts'

/** The rules of plans that other tools carry out (EXTERNAL). None of them calls a provider. */
export const decideExternalDeployment: Decide<ExternalDeploymentCommand> = (state, command, context) =>
  match(command)
    .with({ type: 'propose-external' }, (it) => decideProposal(state, it, context))
    .with({ type: 'approve-external' }, (it) => decideExternalApproval(state, it, context))
    .with({ type: 'reject-external' }, (it) => decideExternalRejection(state, it, context))
    .with({ type: 'withdraw-external' }, (it) => decideWithdrawal(state, it, context))
    .with({ type: 'report-external-apply' }, (it) => decideApplyReport(state, it, context))
    .with({ type: 'settle-external' }, () => decideSettlement(state, context))
    .exhaustive()
