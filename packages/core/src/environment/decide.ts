import { decideChangeRequest } from '../change-requests/decide.ts'
import type { ChangeRequestCommand } from '../change-requests/commands.ts'
import { decideDeployment } from '../deployments/decide.ts'
import { withVoidedApprovals } from '../deployments/void.ts'
import type { DeploymentCommand } from '../deployments/commands.ts'
import { decideDrift } from '../drift/decide.ts'
import type { DriftCommand } from '../drift/commands.ts'
import { decideExternalDeployment } from '../external-deployments/decide.ts'
import type { ExternalDeploymentCommand } from '../external-deployments/commands.ts'
import { decideGraph } from '../graph/decide.ts'
import type { GraphCommand } from '../graph/commands.ts'
import { checkGraphChange } from '../graph/invariants.ts'
import { decideProtection } from '../protection/decide.ts'
import type { ProtectionCommand } from '../protection/commands.ts'
import { refusedByEnd } from '../protection/closed.ts'
import { decideDestruction } from '../protection/decide-destruction.ts'
import type { DestructionCommand } from '../protection/destruction-commands.ts'
import type { EnvironmentCommand } from './commands.ts'
import { decideEnvironment } from './decide-environment.ts'
import type { Decide } from './decision.ts'

/** Everything that can be decided about one environment. */
export type Command =
  | EnvironmentCommand
  | GraphCommand
  | ChangeRequestCommand
  | DeploymentCommand
  | DriftCommand
  | ProtectionCommand
  | DestructionCommand
  | ExternalDeploymentCommand

type Rules = { readonly [T in Command['type']]: Decide<Extract<Command, { readonly type: T }>> }

/** Which rules answer which command; the compiler checks that none is left out. */
const rules: Rules = {
  'create-environment': decideEnvironment,
  'change-policies': decideEnvironment,
  'approve-policy-change': decideEnvironment,
  'withdraw-policy-change': decideEnvironment,
  'reject-policy-change': decideEnvironment,
  'grant-role': decideEnvironment,
  'revoke-role': decideEnvironment,
  'acknowledge-alert': decideEnvironment,
  'import-graph': decideGraph,
  bind: decideGraph,
  manage: decideGraph,
  'request-change': decideChangeRequest,
  'withdraw-change': decideChangeRequest,
  'reject-change': decideChangeRequest,
  'record-model': decideDeployment,
  'trigger-deployment': decideDeployment,
  'trigger-emergency': decideDeployment,
  'plan-deployment': decideDeployment,
  'approve-deployment': decideDeployment,
  'reject-deployment': decideDeployment,
  'review-deployment': decideDeployment,
  'cancel-deployment': decideDeployment,
  'claim-execution': decideDeployment,
  'release-execution': decideDeployment,
  'revise-deployment': decideDeployment,
  'start-phase': decideDeployment,
  'complete-phase': decideDeployment,
  'start-step': decideDeployment,
  'finish-step': decideDeployment,
  'fail-step': decideDeployment,
  'finish-deployment': decideDeployment,
  'fail-deployment': decideDeployment,
  'record-observations': decideDrift,
  'complete-observation': decideDrift,
  'attribute-drift': decideDrift,
  'review-drift': decideDrift,
  'confirm-deletion': decideProtection,
  'destroy-environment': decideDestruction,
  'delete-environment': decideDestruction,
  'propose-external': decideExternalDeployment,
  'approve-external': decideExternalDeployment,
  'reject-external': decideExternalDeployment,
  'withdraw-external': decideExternalDeployment,
  'report-external-apply': decideExternalDeployment,
  'settle-external': decideExternalDeployment,
}

/** The rules of all concerns, after them the invariants of the graph, which no rule may break, and the approvals that are void with it. */
export const decide: Decide<Command> = (state, command, context) => {
  // The table pairs each type with rules that take it; the union of both cannot follow the pairing.
  const rule = rules[command.type] as Decide<Command>
  const ended = refusedByEnd(state, command)
  if (ended !== undefined) return { type: 'rejected', rejection: ended }
  const decision = rule(state, command, context)
  if (decision.type === 'rejected') return decision
  const broken = checkGraphChange(state, decision.events, context.kinds)
  if (broken !== undefined) return { type: 'rejected', rejection: broken }
  return { ...decision, events: withVoidedApprovals(state, command, decision.events, context) }
}
