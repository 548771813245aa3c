import { decodeEvent } from '../event-store/codec.ts'
import { storeClosed } from '../event-store/store-closed.ts'
import { findDeployment } from '../deployments/find.ts'
import { isLast, progressOf, PROGRESS_EVENTS } from '../deployments/progress.ts'
import type { Progress } from '../deployments/progress.ts'
import { hasEnded } from '../deployments/deployment.ts'
import { summarise } from '../deployments/summary.ts'
import type { DeploymentSummary } from '../deployments/summary.ts'
import { LedgerError, rejectionError } from '../ledger-error.ts'
import type { Section } from '../planning/sections.ts'
import type { Step } from '../planning/step.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import type { By } from './options.ts'

/**
 * One deployment: what it does, how far it is, and the decisions that persons take on it. All of its methods throw `deployment-not-found`;
 * those that decide something also what `Environment` says of all that change something.
 */
export interface DeploymentHandle {
  readonly id: string
  /** As it is now: status, plan digest, approvals and what of them is missing. */
  read(): Promise<DeploymentSummary>
  /** Steps of its plan with their status: while it has not ended, and of the last one that failed. Empty otherwise. */
  steps(): Promise<readonly (Step & { readonly status: string; readonly attempts: number })[]>
  /** Everything from its trigger on, live until it ended, or until the signal aborts: then it ends without an error. Works in any process. */
  progress(options?: { readonly signal?: AbortSignal }): AsyncIterable<Progress>
  /**
   * Approves the plan with this digest (Admins): all its sections without a policy of their own, or the named ones. Throws
   * `plan-digest-mismatch`, `plan-void` (an input moved: it is planned again), `deployment-not-waiting`, `deployment-ended`,
   * `four-eyes-required` (the policy wants somebody else), `person-required`; `input-invalid` for sections that the plan has not.
   */
  approve(
    approval: { readonly digest: string; readonly sections?: readonly Section[]; readonly comment?: string },
    by: By,
  ): Promise<void>
  /**
   * Closes an emergency deployment that has ended, as another Admin than who triggered it. Throws `four-eyes-required`, `review-unneeded`,
   * `person-required`, `deployment-in-progress` before it has ended.
   */
  review(review: { readonly comment: string }, by: By): Promise<void>
  /**
   * Ends it without a change (Admins); its change requests stay pending. Throws `plan-digest-mismatch`, `deployment-not-waiting`,
   * `deployment-ended`, `person-required`.
   */
  reject(rejection: { readonly digest: string; readonly reason: string }, by: By): Promise<void>
  /**
   * Ends it at once, or when the provider calls under way have come to their end: no more begin. What it provisioned stays. Whoever triggered
   * it, or an Admin. Throws `deployment-ended`.
   */
  cancel(cancellation: { readonly reason: string }, by: By): Promise<void>
  /**
   * Resolves when it succeeded; throws `deployment-failed` when it ended otherwise, `store-closed` when the ledger was closed before, and the
   * signal's reason when it aborts before.
   */
  completed(options?: { readonly signal?: AbortSignal }): Promise<DeploymentSummary>
}

/** The handle of a deployment by its id; whether there is one shows when it is asked. */
export function deploymentHandle(access: EnvironmentAccess, id: string): DeploymentHandle {
  async function find() {
    const found = findDeployment(await access.read(), id)
    if ('code' in found) throw rejectionError(found)
    return found
  }

  async function* progress(options: { readonly signal?: AbortSignal } = {}): AsyncIterable<Progress> {
    const { revision } = await find()
    let position = 0n
    for await (const recorded of access.services.store.readStream(access.stream.name, { from: revision })) {
      position = recorded.position
      const told = progressOf(decodeEvent(recorded).event, id)
      if (told !== undefined) yield told
      if (told !== undefined && isLast(told)) return
    }
    for await (const recorded of access.services.store.subscribe({
      ...options,
      after: position,
      types: PROGRESS_EVENTS,
    })) {
      if (recorded.stream !== access.stream.name) continue
      const told = progressOf(decodeEvent(recorded).event, id)
      if (told !== undefined) yield told
      if (told !== undefined && isLast(told)) return
    }
  }

  return {
    id,
    progress,
    read: async () => summarise(await find(), access.services.clock.now().toISOString()),
    async steps() {
      const { plan } = await find()
      return [...(plan?.steps.values() ?? [])].map(({ step, status, attempts }) => ({ ...step, status, attempts }))
    },
    async approve({ digest, sections, comment }, by) {
      const named = sections === undefined ? {} : { sections }
      const said = comment === undefined ? {} : { comment }
      await access.execute({ type: 'approve-deployment', deployment: id, digest, ...named, ...said }, by)
    },
    async review({ comment }, by) {
      await access.execute({ type: 'review-deployment', deployment: id, comment }, by)
    },
    async reject({ digest, reason }, by) {
      await access.execute({ type: 'reject-deployment', deployment: id, digest, reason }, by)
    },
    async cancel({ reason }, by) {
      await access.execute({ type: 'cancel-deployment', deployment: id, reason }, by)
    },
    async completed(options) {
      for await (const told of progress(options)) if (isLast(told)) break
      const ended = await find()
      if (!hasEnded(ended)) {
        options?.signal?.throwIfAborted()
        throw storeClosed(access.services.store.name)
      }
      const deployment = summarise(ended)
      if (deployment.status === 'succeeded') return deployment
      const reason = deployment.reason ?? deployment.status
      throw new LedgerError('deployment-failed', `deployment ${id} ${deployment.status}: ${reason}`, {
        deployment: id,
        reason,
      })
    },
  }
}
