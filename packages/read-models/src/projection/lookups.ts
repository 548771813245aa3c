import { nameKey, refKey } from '@infraledger/core/adapter'
import type { LedgerEvent } from '@infraledger/core/rules'
import type { TableName } from '../tables/catalogue.ts'

/** Rows that a batch of events may need: those of one environment with one of these values in a column. */
export type Lookup = {
  readonly table: TableName
  readonly column: string
  readonly values: readonly string[]
  /** Only rows of which this boolean column is true, or this column is null. */
  readonly only?: { readonly isTrue: string } | { readonly isNull: string }
}

/** What is looked up, by a short name. */
const places = {
  environment: { table: 'environments', column: 'environment' },
  node: { table: 'nodes', column: 'node_id' },
  edge: { table: 'edges', column: 'edge_id', only: { isNull: 'valid_to' } },
  deployment: { table: 'deployments', column: 'deployment_id' },
  request: { table: 'change_requests', column: 'request_id' },
  import: { table: 'imports', column: 'import_id' },
  lineage: { table: 'imports', column: 'lineage', only: { isTrue: 'is_latest' } },
  driftOf: { table: 'drift', column: 'node_id', only: { isTrue: 'is_open' } },
  resource: { table: 'drift', column: 'resource_key', only: { isTrue: 'is_open' } },
} as const satisfies Record<string, Omit<Lookup, 'values'>>

type Place = keyof typeof places

/** What the projection of a batch reads, found out from the events alone, so that it is read in a few queries. */
export function lookupsOf(environment: string, events: readonly LedgerEvent[]): readonly Lookup[] {
  const wanted = new Map<Place, Set<string>>()
  const want = (place: Place, value: string | undefined): void => {
    if (value === undefined) return
    const values = wanted.get(place)
    if (values === undefined) wanted.set(place, new Set([value]))
    else values.add(value)
  }
  want('environment', environment)
  for (const event of events) lookUp(event, want)
  return [...wanted].map(([place, values]) => ({ ...places[place], values: [...values] }))
}

type Want = (place: Place, value: string | undefined) => void

function lookUp({ type, data }: LedgerEvent, want: Want): void {
  switch (type) {
    case 'NodeVersionRecorded':
      want('resource', data.ref === undefined ? undefined : refKey(data.ref))
      want('resource', data.ref === undefined ? undefined : nameKey(data.ref))
      return version(data, want)
    case 'NodeRetired':
      return version(data, want)
    case 'NodeManaged':
      return want('node', data.node)
    case 'EdgeVersionRecorded':
    case 'EdgeRetired':
      return want('edge', data.edge)
    case 'DriftDetected':
    case 'ResourceMissing':
    case 'ResourceFound':
      return want('driftOf', data.node)
    case 'UnmanagedResourceDiscovered':
    case 'UnmanagedResourceGone':
      return want('resource', refKey(data.ref))
    case 'ImportStarted':
      return want('lineage', data.source.lineage ?? data.source.name)
    case 'ImportCompleted':
      return want('import', data.import)
    default:
      if ('deployment' in data) want('deployment', data.deployment)
      if ('request' in data) want('request', data.request)
  }
}

function version({ node, cause }: { readonly node: string; readonly cause: Cause }, want: Want): void {
  want('node', node)
  want('driftOf', node)
  behind(cause, want)
}

type Cause = Extract<LedgerEvent, { type: 'NodeVersionRecorded' }>['data']['cause']

function behind(cause: Cause, want: Want): void {
  if ('deployment' in cause) want('deployment', cause.deployment)
  if ('import' in cause) want('import', cause.import)
  if (cause.type === 'deployment') for (const request of cause.requests) want('request', request)
  if (cause.type === 'change-request') want('request', cause.request)
}
