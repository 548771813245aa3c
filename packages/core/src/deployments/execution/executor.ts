import { isLedgerError } from '../../ledger-error.ts'
import { withClaim } from './claim-keeper.ts'
import { isApproved } from '../decide-phase.ts'
import { isAbort, isOvertaken, isStoreError } from './executor-errors.ts'
import { heldDeployment } from './executor-ports.ts'
import type { ExecutorPorts, HeldDeployment } from './executor-ports.ts'
import { runPhase } from './phase-runner.ts'
import { PHASES } from '../phases.ts'
import { hasEnded } from '../deployment.ts'
import { currentDeployment } from '../state.ts'
import { tellTurn } from './told-run.ts'

/**
 * Brings the environment's open deployment as far as it can go: claim it, observe, adopt, plan, wait for approval or run its phases. Called
 * again after a crash, it goes on where the ledger says it stopped. Resolves when the deployment has ended, waits, is another
 * executor's, or `signal` aborted. `after` is the last sign of a holder whose lease has run out.
 */
export async function runOpenDeployment(ports: ExecutorPorts, after?: number): Promise<void> {
  const open = currentDeployment(ports.state().deployments)
  if (open === undefined) return
  try {
    await withClaim(ports, open.id, after, (held) =>
      tellTurn(
        ports.telling,
        () => heldDeployment(held),
        () => runHeld(held),
      ),
    )
  } catch (error) {
    if (!isOvertaken(error)) throw error
  }
}

async function runHeld(held: HeldDeployment): Promise<void> {
  try {
    while (!held.signal.aborted && (await advance(held)) === 'revised');
  } catch (error) {
    if (isOvertaken(error) || isAbort(error, held.signal)) return
    // Only what a rule refuses ends a deployment. A store that fails, or a defect, must be seen, and the deployment goes on later.
    if (!isLedgerError(error) || isStoreError(error)) throw error
    await failUnlessEnded(held, error.message)
  }
}

/** From planning to the end; `revised` when the world moved meanwhile, and it begins again. */
async function advance(held: HeldDeployment): Promise<'revised' | undefined> {
  const { id: deployment } = held
  if (heldDeployment(held)?.status !== 'running') {
    // Also a plan that waited: what it was made of may have moved meanwhile, in the ledger and in the world.
    await held.reconcile(held.signal)
    await held.execute({ type: 'plan-deployment', deployment })
  }
  const ready = heldDeployment(held)
  if (ready === undefined || hasEnded(ready) || !isApproved(ready, held.clock.now().toISOString())) return undefined
  for (const phase of PHASES) {
    if (heldDeployment(held)?.completedPhases.includes(phase) === true) continue
    await held.execute({ type: 'start-phase', deployment, phase })
    // An input moved since it was planned: it is another plan now.
    if (heldDeployment(held)?.status !== 'running') return 'revised'
    const end = await runPhase(held, phase)
    if (held.signal.aborted) return undefined
    const cancellation = heldDeployment(held)?.cancellation
    if (cancellation !== undefined) {
      await held.execute({ type: 'cancel-deployment', deployment, reason: cancellation.reason })
      return undefined
    }
    if (end.type === 'moved') {
      const { step, reason, moved } = end
      await held.execute({ type: 'revise-deployment', deployment, step, reason, moved })
      return 'revised'
    }
    // What cleanup could not remove is still unused next time; it undoes nothing.
    if (end.type === 'failed') {
      const { step, error } = end.step
      const reason = error?.message ?? `step ${step.id} failed`
      await held.execute({ type: 'fail-deployment', deployment, phase, step: step.id, reason })
      return undefined
    }
    await held.execute({ type: 'complete-phase', deployment, phase })
  }
  await held.execute({ type: 'finish-deployment', deployment })
  return undefined
}

async function failUnlessEnded(held: HeldDeployment, reason: string): Promise<void> {
  const deployment = heldDeployment(held)
  if (deployment === undefined || hasEnded(deployment)) return
  try {
    await held.execute({ type: 'fail-deployment', deployment: held.id, reason })
  } catch (error) {
    // Another executor met the same refusal and was faster.
    if (!isOvertaken(error)) throw error
  }
}
