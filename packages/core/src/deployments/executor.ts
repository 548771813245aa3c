import type { CloudProvider } from '../cloud/cloud-provider.ts'
import type { Clock } from '../clock.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { isLedgerError } from '../ledger-error.ts'
import type { LedgerError } from '../ledger-error.ts'
import type { DeploymentCommand } from './commands.ts'
import { isApproved } from './decide-phase.ts'
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
    if (isOvertaken(error)) return
    // Only what a rule refuses ends a deployment. A store that fails, or a defect, must be seen, and the deployment goes on later.
    if (!isLedgerError(error) || isStoreError(error)) throw error
    await failUnlessEnded(ports, open.id, error.message)
  }
}

async function advance(ports: ExecutorPorts, id: string): Promise<void> {
  if (find(ports, id)?.status === 'triggered') await ports.reconcile()
  const planned = find(ports, id)
  if (planned !== undefined && planned.status !== 'running' && !hasEnded(planned)) {
    // A plan that waited is computed again: what it was made of may have moved.
    await ports.execute({ type: 'plan-deployment', deployment: id })
  }
  const ready = find(ports, id)
  if (ready === undefined || hasEnded(ready) || !isApproved(ready)) return
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

/** Somebody else ended the deployment or took it further: another executor, or a person who cancelled it. */
function isOvertaken(error: unknown): boolean {
  return (
    isLedgerError(error, 'deployment-ended') ||
    isLedgerError(error, 'deployment-not-active') ||
    isLedgerError(error, 'deployment-in-progress')
  )
}

/** Errors that say nothing about the deployment, only that the ledger cannot be written or read (DEPLOY 10). */
function isStoreError(error: LedgerError): boolean {
  return (
    error.retryable ||
    error.code.startsWith('store-') ||
    error.code === 'append-conflict' ||
    error.code === 'ledger-newer-than-library'
  )
}

function find(ports: ExecutorPorts, id: string): Deployment | undefined {
  return ports.state().deployments.deployments.get(id)
}

async function failUnlessEnded(ports: ExecutorPorts, id: string, reason: string): Promise<void> {
  const deployment = find(ports, id)
  if (deployment === undefined || hasEnded(deployment)) return
  await ports.execute({ type: 'fail-deployment', deployment: id, reason })
}
