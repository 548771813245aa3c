import type { activityEvents } from '../access/events.ts'
import type { applicationEvents } from '../application/events.ts'
import type { changeRequestEvents } from '../change-requests/events.ts'
import { DECIDED_BY } from '../drift/decide-property.ts'
import type { driftEvents } from '../drift/events.ts'
import type { environmentEvents } from '../environment/events.ts'
import type { protectionEvents } from '../protection/events.ts'
import type { TextOf } from './timeline.ts'
import { changeText, count, valueText } from './value-text.ts'

/** How the environment's own events read on a timeline. */
export const environmentTexts: { readonly [T in keyof typeof environmentEvents]: TextOf<T> } = {
  EnvironmentCreated: ({ name, type }) => `environment ${name} (${type}) created`,
  EnvironmentPoliciesChanged: ({ policies }) =>
    `policies changed: ${count(policies.approvals.required, 'approval')}, ${count(policies.drift.length, 'drift rule')}${policies.identity === undefined ? '' : `, ${policies.identity} identities`}`,
  PolicyChangeProposed: ({ proposal, weakens, required }) =>
    `weaker policies proposed (${proposal}, needs ${count(required, 'approval')}): ${weakens.join('; ')}`,
  PolicyChangeApproved: ({ proposal, comment }) =>
    `weaker policies ${proposal} approved${comment === undefined ? '' : `: ${comment}`}`,
  PolicyChangeWithdrawn: ({ proposal, reason }) => `weaker policies ${proposal} withdrawn: ${reason}`,
  PolicyChangeRejected: ({ proposal, reason }) => `weaker policies ${proposal} rejected: ${reason}`,
  RoleGranted: ({ subject, role }) => `${subject} is ${role} now`,
  RoleRevoked: ({ subject, role }) => `${subject} is no longer ${role}`,
  AlertRaised: ({ message, severity }) => `${severity}: ${message}`,
  AlertAcknowledged: ({ alert, comment }) =>
    `alert ${alert} acknowledged${comment === undefined ? '' : `: ${comment}`}`,
}

/** How application models read on a timeline: once, with their last part. */
export const applicationTexts: { readonly [T in keyof typeof applicationEvents]: TextOf<T> } = {
  ApplicationModelRecorded: ({ commit, part, parts }) =>
    part < parts ? undefined : `application model of commit ${commit} recorded`,
}

/** How change requests read on a timeline. */
export const changeRequestTexts: { readonly [T in keyof typeof changeRequestEvents]: TextOf<T> } = {
  ChangeRequested: ({ request, node, set, reason }) => `request ${request} on ${node}: ${changeText(set)} (${reason})`,
  ChangeWithdrawn: ({ request, reason }) => `request ${request} withdrawn: ${reason}`,
  ChangeRejected: ({ request, reason }) => `request ${request} rejected: ${reason}`,
  ChangeApplied: ({ request, deployment, properties }) =>
    `request ${request} applied by deployment ${deployment}: ${properties.join(', ')}`,
  ChangeConverged: ({ request, properties }) => `request ${request} is so already: ${properties.join(', ')}`,
}

/** How observations and drift read on a timeline. */
export const driftTexts: { readonly [T in keyof typeof driftEvents]: TextOf<T> } = {
  DriftDetected({ node, decisions }) {
    const [first, others] = [true, false].map((isFirst) =>
      decisions.filter(({ decidedBy }) => (decidedBy === DECIDED_BY.firstReading) === isFirst),
    )
    const told = (others ?? []).map(
      ({ property, recorded, observed, decision }) =>
        `${property} ${valueText(recorded)} -> ${valueText(observed)} ${decision}`,
    )
    const seen = Object.fromEntries((first ?? []).map(({ property, observed }) => [property, observed ?? null]))
    return [
      ...(told.length === 0 ? [] : [`${node} drifted: ${told.join(', ')}`]),
      ...(first?.length === 0 ? [] : [`${told.length === 0 ? node : ''} first seen: ${changeText(seen)}`.trim()]),
    ].join('; ')
  },
  ResourceMissing: ({ node, ref }) => `${node} (${ref.name}) is not there any more`,
  ResourceFound: ({ node, ref }) => `${node} (${ref.name}) is there again`,
  UnmanagedResourceDiscovered: ({ ref, kind }) => `${kind} ${ref.name} is there and no node knows it`,
  UnmanagedResourceGone: ({ ref }) => `${ref.name}, which no node knew, is gone`,
  DriftAttributed({ node, properties, principal, activity }) {
    const who = principal === 'unknown' ? 'somebody unknown' : `${principal.type} ${principal.id}`
    return `${node}: ${properties.join(', ')} changed by ${who}${activity === undefined ? '' : ` at ${activity.at} (${activity.operation})`}`
  },
  DriftReviewed: ({ node, version, comment }) => `adopted drift of ${node} (version ${version}) reviewed: ${comment}`,
  ActivityObserved: ({ node, activity, principal }) =>
    `${node}: ${activity.operation} by ${principal.type} ${principal.id} at ${activity.at}`,
  ObservationCompleted({ counts, unseenCount }) {
    const unseen = unseenCount === 0 ? '' : `, ${unseenCount} could not be seen`
    return `observed ${count(counts.resources, 'resource')}: ${counts.unchanged} unchanged, ${counts.adopted} adopted, ${counts.missing} missing${unseen}`
  },
}

/** How protection's events read on a timeline. */
export const protectionTexts: { readonly [T in keyof typeof protectionEvents]: TextOf<T> } = {
  DeletionConfirmed: ({ node, reason, forDestruction }) =>
    `deletion of ${node} confirmed${forDestruction === true ? ' for the destruction of the environment' : ''}: ${reason}`,
  DeletionConfirmationVoided: ({ node, reason }) => `confirmed deletion of ${node} is void: ${reason}`,
  DestructionConfirmed: ({ deployment, graphVersion, reason }) =>
    `destruction of the environment at graph version ${graphVersion} confirmed, by deployment ${deployment}: ${reason}`,
  EnvironmentDestroyed: ({ destroyed, retained }) =>
    `environment destroyed: ${count(destroyed, 'node')} removed, ${retained} left alone`,
  EnvironmentDeleted: ({ reason, orphaned }) =>
    `environment deleted from the ledger, ${count(orphaned, 'resource')} left at providers: ${reason}`,
}

/** How what is recorded in the activity reads. */
export const activityTexts: { readonly [T in keyof typeof activityEvents]: TextOf<T> } = {
  CommandRefused({ action, code, target }) {
    const about = target === undefined ? '' : ` on ${[target.type, target.id].filter(Boolean).join(' ')}`
    return `${action}${about} refused: ${code}`
  },
}
