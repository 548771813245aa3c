import { match } from 'ts-pattern'
import type { EventData } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { NodeId } from '../graph/ids.ts'
import { isInWindow, parseMaintenanceWindow } from '../graph/maintenance-window.ts'
import { aliveVersion } from '../graph/state.ts'
import type { Rejection } from '../ledger-error.ts'
import { findPending } from './decide-end.ts'
import type { ChangeRequest } from './state.ts'

/** Which pending requests a deployment takes along: those that are due, none, or named ones. */
export type RequestSelection = EventData<'DeploymentTriggered'>['requests']

/**
 * The pending requests that a deployment takes along at a moment (CHANGE 4, 8). Named ones are taken whatever their time; one that is
 * unknown or no longer pending is refused.
 */
export function dueRequests(
  state: EnvironmentState,
  selection: RequestSelection | readonly string[],
  now: string,
): readonly ChangeRequest[] | Rejection {
  if (selection === 'none') return []
  if (selection === 'due') return pendingRequests(state).filter((request) => isDue(state, request, now))
  const named: ChangeRequest[] = []
  for (const id of new Set(selection)) {
    const request = findPending(state, id)
    if ('code' in request) return request
    named.push(request)
  }
  return named
}

/** Pending requests in the order in which they were made. */
export function pendingRequests({ changeRequests }: EnvironmentState): readonly ChangeRequest[] {
  const pending = new Set([...changeRequests.pending.values()].flatMap((byProperty) => [...byProperty.values()]))
  return [...pending].toSorted((a, b) => Date.parse(a.requestedAt) - Date.parse(b.requestedAt))
}

/**
 * Whether a request's time has come. One that waits for the maintenance window is due inside it; or at any time where the provider
 * itself waits for the window. Without a known window it is taken only when it is named: never earlier than its requester wants.
 */
export function isDue(
  state: EnvironmentState,
  { node, when, impact }: Pick<ChangeRequest, 'node' | 'when' | 'impact'>,
  now: string,
): boolean {
  return match(when)
    .with({ type: 'next-deployment' }, () => true)
    .with({ type: 'not-before' }, ({ at }) => Date.parse(now) >= Date.parse(at))
    .with({ type: 'maintenance-window' }, () => impact === 'maintenance-window' || isMaintenance(state, node, now))
    .exhaustive()
}

function isMaintenance({ graph }: EnvironmentState, node: NodeId, now: string): boolean {
  const window = parseMaintenanceWindow(aliveVersion(graph, node)?.properties['maintenance.window'])
  return window !== undefined && isInWindow(window, now)
}
