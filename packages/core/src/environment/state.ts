import { accessHandlers, emptyAccess } from '../access/state.ts'
import type { AccessSlice } from '../access/state.ts'
import { applicationHandlers, emptyApplication } from '../application/state.ts'
import type { ApplicationSlice } from '../application/state.ts'
import { changeRequestHandlers, emptyChangeRequests } from '../change-requests/state.ts'
import type { ChangeRequestsSlice } from '../change-requests/state.ts'
import { claimHandlers, noClaim } from '../deployments/claim.ts'
import type { ClaimSlice } from '../deployments/claim.ts'
import { deploymentHandlers, emptyDeployments } from '../deployments/state.ts'
import type { DeploymentsSlice } from '../deployments/state.ts'
import { driftHandlers, emptyDrift } from '../drift/state.ts'
import type { DriftSlice } from '../drift/state.ts'
import { emptyExternalDeployments, externalDeploymentHandlers } from '../external-deployments/state.ts'
import type { ExternalDeploymentsSlice } from '../external-deployments/state.ts'
import { emptyGraph, graphHandlers } from '../graph/state.ts'
import type { GraphSlice } from '../graph/state.ts'
import { emptyProtection, protectionHandlers } from '../protection/state.ts'
import type { ProtectionSlice } from '../protection/state.ts'
import type { EventType, Handlers, LedgerEvent } from './catalogue.ts'
import { emptyEnvironment, environmentHandlers } from './slice.ts'
import type { EnvironmentSlice } from './slice.ts'

/** Everything that is decided on about one environment: a fold of its stream, by concern. */
export type EnvironmentState = {
  readonly environment: EnvironmentSlice
  readonly application: ApplicationSlice
  readonly graph: GraphSlice
  readonly changeRequests: ChangeRequestsSlice
  readonly deployments: DeploymentsSlice
  readonly execution: ClaimSlice
  readonly drift: DriftSlice
  readonly protection: ProtectionSlice
  readonly externalDeployments: ExternalDeploymentsSlice
  readonly access: AccessSlice
}

/** Version of the fold: raised when a handler comes to mean something else, so that older snapshots are not used. */
export const FOLD_VERSION = 4

export function emptyState(): EnvironmentState {
  return {
    environment: emptyEnvironment(),
    application: emptyApplication(),
    graph: emptyGraph(),
    changeRequests: emptyChangeRequests(),
    deployments: emptyDeployments(),
    execution: noClaim(),
    drift: emptyDrift(),
    protection: emptyProtection(),
    externalDeployments: emptyExternalDeployments(),
    access: emptyAccess(),
  }
}

const slices = {
  environment: environmentHandlers,
  application: applicationHandlers,
  graph: graphHandlers,
  changeRequests: changeRequestHandlers,
  deployments: deploymentHandlers,
  execution: claimHandlers,
  drift: driftHandlers,
  protection: protectionHandlers,
  externalDeployments: externalDeploymentHandlers,
  access: accessHandlers,
} as const satisfies { readonly [S in keyof EnvironmentState]: Handlers<EnvironmentState[S]> }

type Handled = { [S in keyof typeof slices]: keyof (typeof slices)[S] }[keyof typeof slices]
type Apply = (state: EnvironmentState, event: LedgerEvent) => void

const appliers = new Map<string, Apply[]>()
register('environment', slices.environment)
register('application', slices.application)
register('graph', slices.graph)
register('changeRequests', slices.changeRequests)
register('deployments', slices.deployments)
register('execution', slices.execution)
register('drift', slices.drift)
register('protection', slices.protection)
register('externalDeployments', slices.externalDeployments)
register('access', slices.access)

/** Applies an event to the state, in place. An event that this version does not know changes nothing; the loader keeps count of those. */
export function evolve(state: EnvironmentState, event: LedgerEvent): void {
  const apply = appliers.get(event.type)
  if (apply === undefined) return
  for (const handler of apply) handler(state, event)
}

/** Fails to compile when an event of the catalogue has no handler in any slice. */
type EveryEventIsHandled<Missing extends never = Exclude<EventType, Handled>> = Missing

function register<S extends keyof EnvironmentState>(
  name: S,
  handlers: Handlers<EnvironmentState[S]>,
): EveryEventIsHandled | void {
  for (const [type, handler] of Object.entries(handlers)) {
    // The table pairs each handler with the type that it is keyed by, which Object.entries forgets.
    const handle = handler as (slice: EnvironmentState[S], event: LedgerEvent) => void
    const list = appliers.get(type) ?? []
    list.push((state, event) => handle(state[name], event))
    appliers.set(type, list)
  }
}
