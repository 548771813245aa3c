import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { DomainEvent, EventData } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'
import { countDecisions, countTouched } from './counts.ts'
import type { ScanCounts } from './counts.ts'
import type { PropertyDecision } from './state.ts'
import type { Unseen } from './unseen.ts'

/** Entries of what could not be seen that one scan lists; more are counted. */
export const UNSEEN_LISTED = 1_000

/** What one scan found and decided. */
export type Reconciliation = {
  readonly observation: string
  readonly startedAt: string
  readonly finishedAt: string
  readonly counts: ScanCounts
  /** What was decided anew, by node. */
  readonly decisions: ReadonlyMap<NodeId, readonly PropertyDecision[]>
  readonly missing: readonly NodeId[]
  /** Resources that were missing and answer again. */
  readonly found: readonly NodeId[]
  readonly unmanaged: readonly { readonly ref: ProviderRef; readonly kind: string }[]
  readonly attributed: readonly EventData<'DriftAttributed'>[]
  readonly unseen: readonly Unseen[]
  readonly unseenCount: number
}

/** Sums up what a scan's commands decided. */
export interface Tally {
  /** Adds a page: how many resources answered, what was decided, and what could not be seen. */
  add(page: {
    readonly resources?: number
    readonly events?: readonly DomainEvent[]
    readonly unseen?: readonly Unseen[]
  }): void
  readonly counts: ScanCounts
  readonly unseen: readonly Unseen[]
  readonly unseenCount: number
  result(scan: Pick<Reconciliation, 'observation' | 'startedAt' | 'finishedAt'>): Reconciliation
}

/** Starts at nothing. */
export function scanTally(): Tally {
  const counts = {
    resources: 0,
    unchanged: 0,
    adopted: 0,
    suppressed: 0,
    enforced: 0,
    ignored: 0,
    missing: 0,
    unmanaged: 0,
  }
  const decisions = new Map<NodeId, PropertyDecision[]>()
  const found: {
    missing: NodeId[]
    found: NodeId[]
    unmanaged: Reconciliation['unmanaged'][number][]
    attributed: EventData<'DriftAttributed'>[]
  } = {
    missing: [],
    found: [],
    unmanaged: [],
    attributed: [],
  }
  const unseen = new Map<string, Unseen>()
  let unlisted = 0

  function addEvent(event: DomainEvent): void {
    if (event.type === 'DriftDetected')
      decisions.set(event.data.node, [...(decisions.get(event.data.node) ?? []), ...event.data.decisions])
    if (event.type === 'ResourceMissing') found.missing.push(event.data.node)
    if (event.type === 'ResourceFound') found.found.push(event.data.node)
    if (event.type === 'UnmanagedResourceDiscovered')
      found.unmanaged.push({ ref: event.data.ref, kind: event.data.kind })
    if (event.type === 'DriftAttributed') found.attributed.push(event.data)
  }

  function addUnseen(entry: Unseen): void {
    const key = JSON.stringify(entry)
    if (unseen.has(key)) return
    if (unseen.size < UNSEEN_LISTED) unseen.set(key, entry)
    else unlisted++
  }

  return {
    add({ resources = 0, events = [], unseen: hidden = [] }) {
      const decided = countDecisions(events)
      counts.resources += resources
      counts.unchanged += Math.max(0, resources - countTouched(events))
      for (const key of ['adopted', 'suppressed', 'enforced', 'ignored', 'missing', 'unmanaged'] as const)
        counts[key] += decided[key]
      for (const event of events) addEvent(event)
      for (const entry of hidden) addUnseen(entry)
    },
    counts,
    get unseen() {
      return [...unseen.values()]
    },
    get unseenCount() {
      return unseen.size + unlisted
    },
    result: (scan) => ({
      ...scan,
      counts,
      decisions,
      ...found,
      unseen: [...unseen.values()],
      unseenCount: unseen.size + unlisted,
    }),
  }
}
