import type { LedgerEvent } from '@infraledger/core/rules'
import { changeRequestProjections } from './change-requests.ts'
import { deploymentProjections } from './deployments.ts'
import { driftProjections } from './drift.ts'
import { environmentProjections } from './environment.ts'
import { externalDeploymentProjections, noteCredit } from './external-deployments.ts'
import { graphProjections } from './graph.ts'
import { importProjections } from './imports.ts'
import type { Projected, Projections } from './projected-event.ts'
import type { WorkingSet } from './working-set.ts'

/** By type of event, what it makes of the tables: the one definition that both dialects run. Types that are not here change no table. */
const projections: Projections = {
  ...environmentProjections,
  ...graphProjections,
  ...importProjections,
  ...deploymentProjections,
  ...externalDeploymentProjections,
  ...changeRequestProjections,
  ...driftProjections,
}

/** Takes an event into the rows. `knownAt` is when the ledger knew it: for what an import brought, when that was completed. */
export function project(rows: WorkingSet, environment: string, event: LedgerEvent, knownAt?: string): void {
  const projected = { ...event, environment, knownAt: knownAt ?? event.metadata.recordedAt }
  // The handler is that of the event's type; the union of handlers cannot be called with the union of events.
  const handler = projections[event.type] as ((rows: WorkingSet, event: Projected) => void) | undefined
  handler?.(rows, projected)
  if (projected.type === 'NodeVersionRecorded' || projected.type === 'NodeRetired') noteCredit(rows, projected)
}

/** Changes of the graph: while an import is under way they are its own, and shown when it is completed (GRAPH 5). */
export function isGraphChange({ type }: LedgerEvent): boolean {
  return type in graphProjections
}
