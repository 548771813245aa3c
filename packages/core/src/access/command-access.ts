import type { Command } from '../environment/decide.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { boundedText, changeRequestTarget, deploymentTarget, externalTarget, nodeTarget } from './target.ts'
import type { Action, AuthorizationTarget } from './authorizer.ts'

/**
 * Whom the role policy lets give a command: whoever opens the ledger, members (Admins are), members and the automation of pull requests on
 * previews, members and the library itself, members what is their own and Admins all (a wish to cancel is carried out by the library),
 * Admins, members who confirm what is unused and Admins what is used, Admins and the automation of a preview, or the library alone.
 */
export type Permitted =
  | 'anyone'
  | 'member'
  | 'deployer'
  | 'importer'
  | 'owner'
  | 'canceller'
  | 'admin'
  | 'confirmer'
  | 'destroyer'
  | 'system'

/** What access has to know of one command. */
type CommandAccess<T extends Action> = {
  readonly permitted: Permitted
  /** As a person says it: `approve`. */
  readonly does: string
  /** Refused to asserted actors where the environment wants proven ones (ACCESS 2); or there only with four eyes, which are worth as much as both. */
  readonly proven?: true | 'with-four-eyes'
  /** Every refusal is in the activity, also one by a rule (ACCESS 5). */
  readonly watched?: true
  /** What it is about. The command is not checked yet: what it says may be anything. */
  readonly target?: (
    state: EnvironmentState,
    command: Extract<Command, { readonly type: T }>,
  ) => AuthorizationTarget | undefined
}

const bySystem = { permitted: 'system', target: deploymentTarget } as const
const decisive = { permitted: 'admin', proven: true, watched: true } as const

/** Of every command: who may give it, whether their identity must be proven, and what is told of it. The compiler checks that none is left out. */
export const COMMAND_ACCESS: { readonly [T in Action]: CommandAccess<T> } = {
  'create-environment': {
    permitted: 'anyone',
    does: 'create an environment',
    target: () => ({ type: 'environment' }),
  },
  'change-policies': { ...decisive, does: 'change the policies', target: () => ({ type: 'policies' }) },
  'approve-policy-change': { ...decisive, does: 'approve weaker policies', target: () => ({ type: 'policies' }) },
  'reject-policy-change': { ...decisive, does: 'reject weaker policies', target: () => ({ type: 'policies' }) },
  'withdraw-policy-change': { ...decisive, does: 'withdraw weaker policies', target: () => ({ type: 'policies' }) },
  'grant-role': { ...decisive, does: 'grant a role', target: (_, { subject, role }) => roleTarget(subject, role) },
  'revoke-role': { ...decisive, does: 'revoke a role', target: (_, { subject, role }) => roleTarget(subject, role) },
  'acknowledge-alert': {
    permitted: 'member',
    does: 'acknowledge',
    target: (_, { alert }) => ({ type: 'alert', id: boundedText(alert) }),
  },
  'import-graph': {
    permitted: 'importer',
    does: 'import a graph',
    target: (_, { graph }) => ({ type: 'import', id: boundedText(graph?.source?.name) }),
  },
  bind: { permitted: 'member', does: 'bind', target: (_, { need }) => nodeTarget(need) },
  manage: { permitted: 'admin', does: 'manage', target: (_, { node }) => nodeTarget(node) },
  'request-change': {
    permitted: 'member',
    proven: 'with-four-eyes',
    does: 'request a change of',
    target: (_, { node }) => nodeTarget(node),
  },
  'withdraw-change': { permitted: 'owner', does: 'withdraw', target: changeRequestTarget },
  'reject-change': { ...decisive, does: 'reject', target: changeRequestTarget },
  'record-model': {
    permitted: 'deployer',
    does: 'record an application model',
    target: (_, { model }) => ({ type: 'model', id: boundedText(model?.digest) }),
  },
  'trigger-deployment': {
    permitted: 'deployer',
    proven: 'with-four-eyes',
    does: 'deploy',
    target: deploymentTarget,
  },
  'trigger-emergency': { ...decisive, does: 'skip approval in an emergency', target: deploymentTarget },
  'plan-deployment': { ...bySystem, does: 'plan' },
  'approve-deployment': { ...decisive, does: 'approve', target: deploymentTarget },
  'reject-deployment': { ...decisive, does: 'reject', target: deploymentTarget },
  'review-deployment': { ...decisive, does: 'review', target: deploymentTarget },
  'cancel-deployment': { permitted: 'canceller', does: 'cancel', target: deploymentTarget },
  'claim-execution': { ...bySystem, does: 'run' },
  'release-execution': { ...bySystem, does: 'leave' },
  'revise-deployment': { ...bySystem, does: 'plan anew' },
  'start-phase': { ...bySystem, does: 'start a phase of' },
  'complete-phase': { ...bySystem, does: 'complete a phase of' },
  'start-step': { ...bySystem, does: 'start a step of' },
  'finish-step': { ...bySystem, does: 'finish a step of' },
  'fail-step': { ...bySystem, does: 'fail a step of' },
  'finish-deployment': { ...bySystem, does: 'finish' },
  'fail-deployment': { ...bySystem, does: 'fail' },
  'record-observations': { permitted: 'system', does: 'record observations' },
  'complete-observation': { permitted: 'system', does: 'complete an observation' },
  'attribute-drift': { permitted: 'system', does: 'attribute drift' },
  'review-drift': {
    permitted: 'member',
    does: 'review drift of',
    proven: true,
    watched: true,
    target: (_, { node }) => nodeTarget(node),
  },
  'confirm-deletion': {
    permitted: 'confirmer',
    does: 'confirm the deletion of',
    proven: true,
    watched: true,
    target: (_, { node, forDestruction }) => ({
      ...nodeTarget(node),
      ...(forDestruction === true ? { forDestruction } : {}),
    }),
  },
  'destroy-environment': {
    ...decisive,
    permitted: 'destroyer',
    does: 'destroy the environment',
    target: () => ({ type: 'environment' }),
  },
  'delete-environment': {
    ...decisive,
    does: 'delete the environment from the ledger',
    target: () => ({ type: 'environment' }),
  },
  'propose-external': {
    permitted: 'deployer',
    proven: 'with-four-eyes',
    does: 'propose',
    target: externalTarget,
  },
  'approve-external': { ...decisive, does: 'approve', target: externalTarget },
  'reject-external': { ...decisive, does: 'reject', target: externalTarget },
  'withdraw-external': { permitted: 'owner', does: 'withdraw', target: externalTarget },
  'report-external-apply': { permitted: 'owner', does: 'tell that it ran:', target: externalTarget },
  'settle-external': { permitted: 'system', does: 'draw conclusions' },
}

/** The same by an action that is only known as one of them. */
export function accessOf(action: Action): CommandAccess<Action> {
  // The table pairs each action with its own command; nothing here hands it another one.
  return COMMAND_ACCESS[action] as CommandAccess<Action>
}

function roleTarget(subject: unknown, role: unknown): AuthorizationTarget {
  return { type: 'role', id: boundedText(subject), role: boundedText(role) }
}
