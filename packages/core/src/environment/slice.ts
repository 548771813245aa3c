import type { Actor } from '../access/actor.ts'
import type { CloudTarget } from '../cloud/cloud-provider.ts'
import type { EventData, Handlers } from './catalogue.ts'
import { DEFAULT_POLICIES } from './policies.ts'
import type { Policies } from './policies.ts'
import { approveProposal, endProposal, openProposal, settleProposals } from './policy-proposal.ts'
import type { PolicyProposal } from './policy-proposal.ts'

export type Role = EventData<'RoleGranted'>['role']

/** A notice that somebody should look; open until acknowledged. */
export type Alert = Readonly<EventData<'AlertRaised'>> & {
  readonly environment: string
  readonly raisedAt: string
  readonly acknowledged: { readonly by: Actor; readonly at: string } | undefined
}

/** What is known of the environment itself. */
export type EnvironmentSlice = {
  name: string
  type: 'production' | 'development' | 'preview'
  created: boolean
  createdAt: string
  clouds: readonly CloudTarget[]
  policies: Policies
  readonly roles: Map<string, Set<Role>>
  readonly alerts: Map<string, Alert>
  /** Weaker policies that were proposed, by id. */
  readonly proposals: Map<string, PolicyProposal>
}

export function emptyEnvironment(): EnvironmentSlice {
  return {
    name: '',
    type: 'development',
    created: false,
    createdAt: '',
    clouds: [],
    policies: DEFAULT_POLICIES,
    roles: new Map(),
    alerts: new Map(),
    proposals: new Map(),
  }
}

export const environmentHandlers = {
  EnvironmentCreated(slice, { data, metadata }) {
    Object.assign(slice, {
      name: data.name,
      type: data.type,
      created: true,
      createdAt: metadata.recordedAt,
      clouds: data.clouds,
      policies: data.policies,
    })
  },
  EnvironmentPoliciesChanged(slice, { data }) {
    slice.policies = data.policies
    settleProposals(slice, data.proposal)
  },
  PolicyChangeProposed: openProposal,
  PolicyChangeApproved: approveProposal,
  PolicyChangeWithdrawn: (slice, { data }) => endProposal(slice, data.proposal, 'withdrawn', data.reason),
  PolicyChangeRejected: (slice, { data }) => endProposal(slice, data.proposal, 'rejected', data.reason),
  RoleGranted(slice, { data }) {
    const roles = slice.roles.get(data.subject) ?? new Set()
    slice.roles.set(data.subject, roles.add(data.role))
  },
  RoleRevoked(slice, { data }) {
    slice.roles.get(data.subject)?.delete(data.role)
  },
  AlertRaised(slice, { data, metadata }) {
    slice.alerts.set(data.alert, {
      ...data,
      environment: slice.name,
      raisedAt: metadata.recordedAt,
      acknowledged: undefined,
    })
  },
  AlertAcknowledged(slice, { data, metadata }) {
    const alert = slice.alerts.get(data.alert)
    if (alert !== undefined)
      slice.alerts.set(data.alert, { ...alert, acknowledged: { by: metadata.actor, at: metadata.recordedAt } })
  },
} satisfies Handlers<EnvironmentSlice>
