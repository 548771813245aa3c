import { system } from '../access/actor.ts'
import { rejectionError } from '../ledger-error.ts'
import { reviewDeletion, reviewDestruction } from '../protection/destruction-review.ts'
import type { DeletionReview, DestructionReview } from '../protection/destruction-review.ts'
import type { LastCopy } from '../protection/state.ts'
import { deploymentHandle } from './deployment-handle.ts'
import type { DeploymentHandle } from './deployment-handle.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import type { By } from './options.ts'

/** How an environment ends. */
export interface EndingMethods {
  /** What destroying the environment would do now, everything that stands in the way, and the challenge. Writes nothing, calls no provider. */
  destruction(): Promise<DestructionReview>
  /**
   * Destroys the environment: records a deployment that removes everything of ours, each stateful thing after its last copy; an executor runs it.
   * Answers its handle. Admins only; preview environments also by automation, without a challenge. When it has succeeded, commands are refused
   * with `environment-destroyed`; a failed one is gone on with by calling this again.
   *
   * Throws `challenge-mismatch`, `challenge-stale`, `environment-protected` (with all protected nodes), `deployment-in-progress`,
   * `import-in-progress`, `environment-being-destroyed`, `person-required`.
   */
  destroy(destruction: { readonly challenge?: string; readonly reason: string }, by: By): Promise<DeploymentHandle>
  /** What deleting the environment from the ledger would leave behind, and the challenge. Writes nothing. */
  deletion(): Promise<DeletionReview>
  /**
   * Deletes the environment from the ledger, and nothing at any provider: it is listed no more and takes no commands; its history, `why`, `verify` and
   * exports stay, and what is still at a provider is listed by `ledger.orphans()`. Its name is not given again. Admins only.
   *
   * Throws `challenge-mismatch`, `challenge-stale`, `deployment-in-progress`, `import-in-progress`, `person-required`.
   */
  delete(deletion: { readonly challenge: string; readonly reason: string }, by: By): Promise<void>
  /** The last copies that were taken before removals, in their order: where the data of what is gone can be had from. */
  lastCopies(): Promise<readonly LastCopy[]>
}

/** How one environment ends. */
export function endingMethods(access: EnvironmentAccess): EndingMethods {
  return {
    async destruction() {
      const review = reviewDestruction(await access.read(), access.context(system))
      if ('code' in review) throw rejectionError(review)
      return review
    },
    async destroy(destruction, by) {
      const deployment = access.services.newId()
      const command = { type: 'destroy-environment', deployment, ...destruction } as const
      await access.execute(command, { correlationId: deployment, ...by })
      return deploymentHandle(access, deployment)
    },
    deletion: async () => reviewDeletion(await access.read()),
    async delete(deletion, by) {
      await access.execute({ type: 'delete-environment', ...deletion }, by)
    },
    lastCopies: async () => [...(await access.read()).protection.lastCopies],
  }
}
