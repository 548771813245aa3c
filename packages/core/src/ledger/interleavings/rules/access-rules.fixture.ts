import type { Actor } from '../../../access/actor.ts'
import type { LedgerEvent } from '../../../environment/catalogue.ts'
import type { Policies } from '../../../environment/policies.ts'
import type { NodeId } from '../../../graph/ids.ts'
import { isEnforcedBy } from './drift-policy.fixture.ts'
import type { Facts } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import type { Append, Commanded } from './moment.fixture.ts'

/** Who may be behind an event: Admins, members (Admins are), or the library alone. */
const ADMINS: ReadonlySet<string> = new Set([
  'EnvironmentPoliciesChanged',
  'PolicyChangeProposed',
  'PolicyChangeApproved',
  'RoleGranted',
  'RoleRevoked',
  'NodeManaged',
  'ChangeRejected',
  'DeploymentApproved',
  'DeploymentRejected',
  'DeploymentReviewed',
  'EnvironmentDeleted',
  'ExternalDeploymentApproved',
])
const MEMBERS: ReadonlySet<string> = new Set(['ChangeRequested', 'NeedBound', 'DeletionConfirmed', 'ImportStarted'])
const LIBRARY: ReadonlySet<string> = new Set([
  'PlanComputed',
  'PhaseStarted',
  'StepStarted',
  'StepSucceeded',
  'StepFailed',
  'ObservationCompleted',
  'ExecutionClaimed',
])

/** What takes a proven identity where an environment wants one. */
const PROVEN: ReadonlySet<string> = new Set([
  'EnvironmentPoliciesChanged',
  'PolicyChangeProposed',
  'PolicyChangeApproved',
  'RoleGranted',
  'RoleRevoked',
  'ChangeRejected',
  'DeploymentApproved',
  'DeploymentRejected',
  'DeploymentReviewed',
  'DeletionConfirmed',
  'DestructionConfirmed',
  'EnvironmentDeleted',
  'ExternalDeploymentApproved',
])
const PROVEN_WITH_FOUR_EYES: ReadonlySet<string> = new Set([
  'ChangeRequested',
  'DeploymentTriggered',
  'ExternalDeploymentProposed',
])

/** Codes with which access refuses, and what is told of every refusal. */
const BY_ACCESS: ReadonlySet<string> = new Set([
  'role-required',
  'permission-denied',
  'authentication-required',
  'actor-not-authenticated',
])
const WATCHED: ReadonlySet<string> = new Set([
  'approve',
  'reject-deployment',
  'review',
  'reject',
  'confirm',
  'destroy',
  'delete',
  'policies',
  'approve-policies',
  'role',
  'approve-external',
])

/** Properties on which two drift policies are compared. */
const PROBES: readonly (readonly [NodeId, string])[] = [
  ['sql-instance/any', 'network.publicAccess'],
  ['sql-instance/any', 'labels["team"]'],
  ['bucket/any', 'publicAccess'],
  ['bucket/any', 'versioning'],
  ['grant/any', 'operations'],
]

/** ACCESS 1 to 5: who may decide, who is believed, and what is told of those who tried. */
export const accessRules: MakeRules = (facts, hold) => {
  let told = 0
  return {
    each(event, append) {
      if (append.stream === 'activity') return
      checkActor(facts, hold, event, append)
      checkProven(facts, hold, event)
    },
    events: {
      EnvironmentCreated({ metadata: { actor } }, { events }) {
        const isFirst = events.some(
          (event) => event.type === 'RoleGranted' && event.data.role === 'admin' && event.data.subject === actor.id,
        )
        hold('ACCESS 3', isFirst, () => `${actor.id} created the environment, and is not its Admin`)
      },
      RoleRevoked({ data: { subject, role } }) {
        hold(
          'ACCESS 3',
          facts.roles.get(subject)?.has(role) === true,
          () => `${role} was taken from ${subject}, who did not hold it`,
        )
        if (role !== 'admin') return
        const others = [...facts.roles].filter(([other, held]) => other !== subject && held.has('admin'))
        hold('ACCESS 3', others.length > 0, () => 'the last Admin is gone')
      },
      EnvironmentPoliciesChanged: (event) => checkPolicies(facts, hold, event),
      PolicyChangeProposed({ data: { policies } }) {
        hold('ACCESS 4', weakened(facts, policies).length > 0, () => 'policies that are no weaker were only proposed')
      },
      PolicyChangeApproved({ data: { proposal }, metadata: { actor } }) {
        hold(
          'ACCESS 4',
          facts.proposals.get(proposal)?.by.id !== actor.id,
          () => `${actor.id} approved policies of their own`,
        )
      },
    },
    commanded(command) {
      checkRefusal(facts, hold, command, facts.refusals.slice(told))
      told = facts.refusals.length
      checkLetIn(facts, hold, command)
    },
  }
}

/** ACCESS 1: every event says what allowed it, and whoever is behind it may be. */
function checkActor(facts: Facts, hold: Hold, { type, revision, metadata }: LedgerEvent, { events }: Append): void {
  const { actor, authorization } = metadata
  hold('ACCESS 1', authorization !== undefined, () => `nothing allowed ${type} at revision ${revision}`)
  if (LIBRARY.has(type)) return hold('ACCESS 1', actor.type === 'system', () => `${type} is of ${actor.id}`)
  if (events.some((event) => event.type === 'EnvironmentCreated') || actor.type === 'system') return
  const roles = facts.roles.get(actor.id)
  if (ADMINS.has(type))
    hold('ACCESS 1', roles?.has('admin') === true, () => `${type} is of ${actor.id}, who is no Admin`)
  if (MEMBERS.has(type))
    hold(
      'ACCESS 1',
      roles?.has('admin') === true || roles?.has('member') === true,
      () => `${type} is of ${actor.id}, who holds no role`,
    )
}

/** ACCESS 2: where identities are to be proven, what weighs most is of nobody who only claims to be them. */
function checkProven(facts: Facts, hold: Hold, { type, data, metadata: { actor } }: LedgerEvent): void {
  if (actor.type === 'system' || facts.policies.identity !== 'authenticated') return
  const isEmergency = type === 'DeploymentTriggered' && 'emergency' in data && data.emergency !== undefined
  const weighs =
    PROVEN.has(type) || isEmergency || (facts.policies.approvals.fourEyes === true && PROVEN_WITH_FOUR_EYES.has(type))
  if (weighs)
    hold(
      'ACCESS 2',
      actor.assurance === 'authenticated' && actor.issuer !== undefined,
      () => `${type} is of ${actor.id}, who only claims to be them`,
    )
}

/** ACCESS 4: policies that hold are no weaker than those before, or as many others as a plan would have needed agreed. */
function checkPolicies(
  facts: Facts,
  hold: Hold,
  { data: { policies, proposal: id }, metadata: { recordedAt } }: LedgerEvent<'EnvironmentPoliciesChanged'>,
): void {
  if (id === undefined) {
    const weaker = weakened(facts, policies)
    return hold('ACCESS 4', weaker.length === 0, () => `weaker policies hold at once: ${weaker.join(', ')}`)
  }
  const proposal = facts.proposals.get(id)
  const hours = facts.policies.approvals.expiresAfterHours ?? Infinity
  const counting = [...(proposal?.approvals ?? [])].filter(
    ([by, at]) => by !== proposal?.by.id && Date.parse(recordedAt) - Date.parse(at) <= hours * 3_600_000,
  )
  hold(
    'ACCESS 4',
    counting.length >= demanded(facts),
    () => `weaker policies hold with ${counting.length} of ${demanded(facts)} approvals`,
  )
}

function demanded({ policies: { approvals } }: Facts): number {
  return Math.max(approvals.required, approvals.sections?.iam ?? 0, approvals.sections?.deletions ?? 0)
}

/** In what new policies ask for less. */
function weakened(facts: Facts, after: Policies): readonly string[] {
  if (demanded(facts) === 0) return []
  const [old, now] = [facts.policies.approvals, after.approvals]
  const sections = (['iam', 'deletions'] as const).filter((section) => {
    const [before, next] = [old.sections?.[section], now.sections?.[section]]
    return (next ?? now.required) < (before ?? old.required) || (before !== undefined && next === undefined)
  })
  const probes = PROBES.filter(
    ([node, property]) =>
      isEnforcedBy(facts, node, property) && !isEnforcedBy({ ...facts, policies: after }, node, property),
  )
  return [
    ...(now.required < old.required ? ['fewer approvals'] : []),
    ...(old.fourEyes === true && now.fourEyes !== true ? ['no four eyes'] : []),
    ...((now.expiresAfterHours ?? Infinity) > (old.expiresAfterHours ?? Infinity) ? ['longer approvals'] : []),
    ...(facts.policies.identity === 'authenticated' && after.identity !== 'authenticated' ? ['identities'] : []),
    ...sections,
    ...probes.map(([node, property]) => `${property} of ${node}`),
  ]
}

/** ACCESS 5: who was refused by access, or anything that weighs, is told in the activity. */
function checkRefusal(
  facts: Facts,
  hold: Hold,
  { told, by, outcome, interfered }: Commanded,
  noted: Facts['refusals'],
): void {
  if (outcome.status !== 'refused' || interfered || facts.createdAt === '') return
  const isWatched = WATCHED.has(told.type) && !outcome.code.endsWith('-not-found')
  if (!BY_ACCESS.has(outcome.code) && !isWatched) return
  const isNoted = noted.some((refusal) => refusal.code === outcome.code && refusal.by.id === by.id)
  hold(
    'ACCESS 5',
    isNoted,
    () => `${told.type} of ${by.id} was refused with ${outcome.code}, and the activity does not tell`,
  )
}

/** ACCESS 1, 2, 3: whoever lacks a role, or a proof where one is wanted, was refused, and for that. */
function checkLetIn(facts: Facts, hold: Hold, { told, by, outcome, interfered }: Commanded): void {
  if (interfered) return
  const roles = facts.roles.get(by.id)
  if (roles === undefined || roles.size === 0) {
    // Who has just given their own role away holds none any more.
    const isOwn = told.type === 'role' && told.subject === by.id
    const isOpen = isOwn || told.type === 'reconcile' || told.type === 'create-environment'
    if (!isOpen) hold('ACCESS 1', outcome.status !== 'done', () => `${by.id} may ${told.type}, and holds no role`)
  }
  if (outcome.status !== 'refused') return
  if (outcome.code === 'authentication-required')
    hold('ACCESS 2', isAsserted(by), () => `${by.id} was not believed, and is proven`)
  if (outcome.code === 'last-admin' && told.type === 'role') {
    const others = [...facts.roles].filter(([subject, held]) => subject !== told.subject && held.has('admin'))
    hold('ACCESS 3', others.length === 0, () => `${told.subject} counts as the last Admin beside ${others.length}`)
  }
}

function isAsserted({ assurance }: Actor): boolean {
  return assurance === 'asserted'
}
