import type { CloudProvider } from '../../cloud/cloud-provider.ts'
import type { Clock } from '../../clock.ts'
import type { EnvironmentState } from '../../environment/state.ts'
import type { KindCatalogue } from '../../graph/kind-catalogue.ts'
import type { DeploymentCommand, ExecutorCommand } from '../commands.ts'
import type { Deployment, StepState } from '../deployment.ts'
import type { RunTelling } from './told-run.ts'

/** What an executor is handed: the ports, the state as it is now, and how to say what happened. It holds no rule. */
export type ExecutorPorts = {
  readonly clouds: ReadonlyMap<string, CloudProvider>
  readonly clock: Clock
  readonly kinds: KindCatalogue
  /** Its id: unique among all that ever run. */
  readonly executor: string
  /** How long others wait for a sign of life before they take over. */
  readonly leaseMs: number
  /** Steps that run at once. */
  readonly concurrency: number
  /** The current state; read again after each command. */
  readonly state: () => EnvironmentState
  /** Answers the events that the command came to. */
  readonly execute: (command: DeploymentCommand) => Promise<readonly unknown[]>
  /** Observes the environment and adopts what drifted, before planning (DEPLOY 3). */
  readonly reconcile: (signal: AbortSignal) => Promise<unknown>
  readonly signal: AbortSignal
  readonly telling?: RunTelling
}

/** A deployment that this executor holds: its ports, with what it says going out under its claim. */
export type HeldDeployment = Pick<
  ExecutorPorts,
  'clouds' | 'clock' | 'kinds' | 'concurrency' | 'state' | 'reconcile' | 'telling'
> & {
  readonly id: string
  /** Aborts when the executor is to stop, or has lost its claim. */
  readonly signal: AbortSignal
  readonly execute: (command: ExecutorCommand) => Promise<unknown>
  /** Before each provider call: the claim is ours beyond doubt, or this throws `executor-lost-claim` (DEPLOY 9). */
  readonly assureClaim: () => Promise<void>
  /** The same, written anew: also that the ledger is there to be written (DEPLOY 10). */
  readonly renewClaim: () => Promise<void>
}

/** The deployment as it is now. */
export function heldDeployment({ state, id }: HeldDeployment): Deployment | undefined {
  return state().deployments.deployments.get(id)
}

/** A step of its plan as it is now. */
export function heldStep(held: HeldDeployment, step: string): StepState | undefined {
  return heldDeployment(held)?.plan?.steps.get(step)
}
