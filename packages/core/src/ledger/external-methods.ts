import { system } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import { readActor } from '../access/actor-input.ts'
import { parseTrigger } from '../deployments/trigger.ts'
import type { Trigger } from '../deployments/trigger.ts'
import { decodeEvent } from '../event-store/codec.ts'
import { mayBeSettled } from '../external-deployments/decide-settlement.ts'
import { samePlan } from '../external-deployments/decide-proposal.ts'
import { readExternalPlan } from '../external-deployments/describe.ts'
import type { ExternalPlanReading } from '../external-deployments/describe.ts'
import { externalPlanSchema } from '../external-deployments/external-plan.ts'
import type { ExternalPlan, RecordedChange } from '../external-deployments/external-plan.ts'
import { findExternal } from '../external-deployments/find.ts'
import { outstanding } from '../external-deployments/outstanding.ts'
import type { OutstandingChange } from '../external-deployments/outstanding.ts'
import { summariseExternal } from '../external-deployments/summary.ts'
import type { ExternalDeploymentSummary } from '../external-deployments/summary.ts'
import type { ExternalDeployment } from '../external-deployments/state.ts'
import { invalidInput } from '../invalid-input.ts'
import { rejectionError } from '../ledger-error.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import type { By } from './options.ts'

/** What is proposed: a plan, and what set it off. Without a trigger, whoever proposes it did, for this commit. */
export type ExternalProposal = {
  readonly plan: ExternalPlan
  /** Withdraws what is open for the same resources; only who proposed that, or an Admin, may. */
  readonly supersede?: boolean
} & ({ readonly trigger: Trigger } | { readonly commit: string })

/**
 * One plan that another tool carries out: what it announces, who agreed to it, and what of it was seen. All of its methods throw
 * `external-deployment-not-found`, and those that decide something `external-deployment-ended`.
 */
export interface ExternalDeploymentHandle {
  readonly id: string
  /** As it is now: status, digest, approvals, and how many it needs. */
  read(): Promise<ExternalDeploymentSummary>
  /** What the tool is going to do, as it was recorded. */
  plan(): Promise<ExternalPlanReading>
  /** What it announced and was not seen yet; nothing once it has ended. */
  outstanding(): Promise<readonly OutstandingChange[]>
  /** Agrees to the plan with this digest (Admins, persons). Throws `plan-digest-mismatch`, `external-plan-stale`, `four-eyes-required`, `person-required`. */
  approve(approval: { readonly digest: string; readonly comment?: string }, by: By): Promise<void>
  /** Turns it down (Admins, persons); if it is carried out all the same, that is alerted. Throws `plan-digest-mismatch`, `person-required`. */
  reject(rejection: { readonly digest: string; readonly reason: string }, by: By): Promise<void>
  /** Takes it back (who proposed it, or an Admin): what comes after that is not its doing. Throws `requester-or-admin-required`. */
  withdraw(withdrawal: { readonly reason: string }, by: By): Promise<void>
  /**
   * Says that the tool ran, now or at a time. What became of it is seen by importing its state, or by observing. Who proposed it, or an Admin.
   * Throws `requester-or-admin-required`, and `input-invalid` for a time at which it cannot have run.
   */
  applied(report: { readonly at?: Date; readonly comment?: string }, by: By): Promise<void>
}

/** Plans that other tools carry out. None of these methods calls a provider. */
export interface ExternalMethods {
  /**
   * Lays the plan of another tool before the environment. What is imported or observed later, and is as the plan says, has this as its
   * cause. The same plan again is the same proposal. Throws `external-plan-empty`, `external-resources-unknown`, `external-deployment-conflicting`,
   * `trigger-user-missing`, and with `supersede` `requester-or-admin-required`.
   *
   * @example
   * const proposal = await prod.proposeExternal({ plan: readTerraformPlan(text, { name, fingerprint }), commit }, { actor: user('ada') })
   * console.log((await proposal.plan()).text())
   */
  proposeExternal(proposal: ExternalProposal, by: By): Promise<ExternalDeploymentHandle>
  /** The handle of one by its id; its methods throw `external-deployment-not-found`. */
  externalDeployment(id: string): ExternalDeploymentHandle
  /** All of them, newest first. */
  externalDeployments(): Promise<readonly ExternalDeploymentSummary[]>
}

/** External deployments of one environment. */
export function externalMethods(access: EnvironmentAccess): ExternalMethods {
  return {
    async proposeExternal(proposal, by) {
      const parsed = externalPlanSchema.safeParse(proposal.plan)
      if (!parsed.success) throw rejectionError(invalidInput('external plan', parsed.error))
      const plan = parsed.data
      const trigger = parseTrigger(
        'trigger' in proposal ? proposal.trigger : triggerOf(actorOf(access, by), proposal.commit),
      )
      const { supersede } = proposal
      await settleExternal(access)
      const deployment = access.services.newId()
      await access.execute(
        { type: 'propose-external', deployment, plan, trigger, ...(supersede === undefined ? {} : { supersede }) },
        { correlationId: deployment, ...by },
      )
      return externalHandle(access, samePlan(access.stream.state, plan.digest)?.id ?? deployment)
    },
    externalDeployment: (id) => externalHandle(access, id),
    async externalDeployments() {
      const { deployments } = (await access.read()).externalDeployments
      return [...deployments.values()].map(summariseExternal).toReversed()
    },
  }
}

/** Draws the conclusions of what was imported or observed; after every import and scan. */
export async function settleExternal(access: EnvironmentAccess): Promise<void> {
  if (!mayBeSettled(access.stream.state)) return
  await access.execute({ type: 'settle-external' }, { actor: system })
}

function externalHandle(access: EnvironmentAccess, id: string): ExternalDeploymentHandle {
  async function find(): Promise<ExternalDeployment> {
    const found = findExternal(await access.read(), id)
    if ('code' in found) throw rejectionError(found)
    return found
  }

  /** From the events, for a deployment that has ended keeps no changes in the state. */
  async function recordedChanges({ revision, parts, recordedParts }: ExternalDeployment): Promise<RecordedChange[]> {
    const changes: RecordedChange[] = []
    if (recordedParts === 0) return changes
    let part = 0
    for await (const recorded of access.services.store.readStream(access.stream.name, { from: revision })) {
      const { event } = decodeEvent(recorded)
      if (event.type !== 'ExternalPlanRecorded' || event.data.deployment !== id) continue
      changes.push(...event.data.changes)
      if (++part >= Math.min(parts, recordedParts)) break
    }
    return changes
  }

  return {
    id,
    read: async () => summariseExternal(await find()),
    async plan() {
      const deployment = await find()
      return readExternalPlan(deployment, await recordedChanges(deployment), access.services.kinds)
    },
    async outstanding() {
      const deployment = await find()
      return outstanding(access.stream.state, deployment, access.services.kinds)
    },
    async approve({ digest, comment }, by) {
      await access.read()
      await settleExternal(access)
      await access.execute(
        { type: 'approve-external', deployment: id, digest, ...(comment === undefined ? {} : { comment }) },
        by,
      )
    },
    async reject({ digest, reason }, by) {
      await access.execute({ type: 'reject-external', deployment: id, digest, reason }, by)
    },
    async withdraw({ reason }, by) {
      await access.execute({ type: 'withdraw-external', deployment: id, reason }, by)
    },
    async applied({ at, comment }, by) {
      await access.execute(
        {
          type: 'report-external-apply',
          deployment: id,
          ...(at === undefined ? {} : { at: at.toISOString() }),
          ...(comment === undefined ? {} : { comment }),
        },
        by,
      )
      await settleExternal(access)
    },
  }
}

/** Who acts, checked before a trigger is made of it. */
function actorOf({ services }: EnvironmentAccess, by: By | undefined): Actor {
  return readActor(by?.actor, services.identities.isProven)
}

/** Whoever proposes a plan set it off, where nothing else is said. */
function triggerOf(actor: Actor, commit: string): unknown {
  switch (actor.type) {
    case 'user':
      return { type: 'manual', commit, user: actor.id }
    case 'api-client':
      return { type: 'api', commit, client: actor.id }
    case 'pull-request':
      return { type: 'pull-request', commit, number: Number(actor.id) }
    case 'system':
      return { type: 'system', commit, reason: 'proposed by the library itself' }
  }
}
