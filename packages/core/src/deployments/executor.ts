import type { CloudProvider } from '../cloud/cloud-provider.ts'
import type { Clock } from '../clock.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { isLedgerError } from '../ledger-error.ts'
import type { DeploymentCommand } from './commands.ts'
import { isApproved } from './decide-phase.ts'
import { isAbort, isOvertaken, isStoreError } from './executor-errors.ts'
import { PHASES } from './phases.ts'
import type { Phase } from './phases.ts'
import { currentDeployment, hasEnded } from './state.ts'
import type { Deployment, StepState } from './state.ts'
import { runStep } from './step-runner.ts'

/** What an executor is handed: the ports, the state as it is now, and how to say what happened. It holds no rule. */
export type ExecutorPorts = {
  readonly clouds: ReadonlyMap<string, CloudProvider>
  readonly clock: Clock
  readonly kinds: KindCatalogue
  /** The current state; read again after each command. */
  readonly state: () => EnvironmentState
  readonly execute: (command: DeploymentCommand) => Promise<unknown>
  /** Observes the environment and adopts what drifted, before planning (DEPLOY 3). */
  readonly reconcile: () => Promise<unknown>
  readonly signal: AbortSignal
}

/**
 * Brings the environment's open deployment as far as it can go: observe, adopt, plan, wait for approval or run its phases. Called again
 * after a crash, it goes on where the ledger says it stopped. Resolves when the deployment has ended, waits, or `signal` aborted.
 */
export async function runOpenDeployment(ports: ExecutorPorts): Promise<void> {
  const open = currentDeployment(ports.state().deployments)
  if (open === undefined) return
  try {
    await advance(ports, open.id)
  } catch (error) {
    if (isOvertaken(error) || isAbort(error, ports.signal)) return
    // Only what a rule refuses ends a deployment. A store that fails, or a defect, must be seen, and the deployment goes on later.
    if (!isLedgerError(error) || isStoreError(error)) throw error
    await failUnlessEnded(ports, open.id, error.message)
  }
}

async function advance(ports: ExecutorPorts, id: string): Promise<void> {
  if (find(ports, id)?.status !== 'running') {
    // Also a plan that waited: what it was made of may have moved meanwhile, in the ledger and in the world.
    await ports.reconcile()
    await ports.execute({ type: 'plan-deployment', deployment: id })
  }
  const ready = find(ports, id)
  if (ready === undefined || hasEnded(ready) || !isApproved(ready, ports.clock.now().toISOString())) return
  for (const phase of PHASES) {
    if (find(ports, id)?.completedPhases.includes(phase) === true) continue
    await ports.execute({ type: 'start-phase', deployment: id, phase })
    const failed = await runPhase(ports, id, phase)
    if (ports.signal.aborted) return
    // What cleanup could not remove is still unused next time; it undoes nothing.
    if (failed !== undefined && phase !== 'cleanup') {
      const reason = failed.error?.message ?? `step ${failed.step.id} failed`
      await ports.execute({ type: 'fail-deployment', deployment: id, phase, step: failed.step.id, reason })
      return
    }
    await ports.execute({ type: 'complete-phase', deployment: id, phase })
  }
  await ports.execute({ type: 'finish-deployment', deployment: id })
}

/** Runs the steps of a phase in the plan's order; answers the first that failed. In cleanup the others still run. */
async function runPhase(ports: ExecutorPorts, id: string, phase: Phase): Promise<StepState | undefined> {
  const steps = [...(find(ports, id)?.plan?.steps.values() ?? [])].filter(({ step }) => step.phase === phase)
  let failed: StepState | undefined
  for (const planned of steps) {
    if (ports.signal.aborted) return failed
    const current = find(ports, id)
    if (current === undefined || hasEnded(current)) return failed
    if (!needsDone(current, planned)) continue
    await runStep(ports, id, planned.step.id)
    const after = find(ports, id)?.plan?.steps.get(planned.step.id)
    if (after?.status !== 'failed') continue
    failed ??= after
    if (phase !== 'cleanup') return failed
  }
  return failed
}

function needsDone(deployment: Deployment, { step }: StepState): boolean {
  return step.after.every((id) => {
    const status = deployment.plan?.steps.get(id)?.status
    return status === undefined || status === 'succeeded' || status === 'deferred'
  })
}

function find(ports: ExecutorPorts, id: string): Deployment | undefined {
  return ports.state().deployments.deployments.get(id)
}

async function failUnlessEnded(ports: ExecutorPorts, id: string, reason: string): Promise<void> {
  const deployment = find(ports, id)
  if (deployment === undefined || hasEnded(deployment)) return
  try {
    await ports.execute({ type: 'fail-deployment', deployment: id, reason })
  } catch (error) {
    // Another executor met the same refusal and was faster.
    if (!isOvertaken(error)) throw error
  }
}
