import type { DomainEvent, EventData } from '../environment/catalogue.ts'

/** What a scan counts: see `ObservationCompleted`. */
export type ScanCounts = EventData<'ObservationCompleted'>['counts']

/** What decided events add to a scan's counts; `resources` and `unchanged` are known only to whoever looked. */
export type DecisionCounts = Omit<ScanCounts, 'resources' | 'unchanged'>

/** Counts what events of `record-observations` decided: properties by decision (first readings are adoptions), resources missing and newly found without a node. */
export function countDecisions(events: readonly DomainEvent[]): DecisionCounts {
  const counts = { adopted: 0, suppressed: 0, enforced: 0, ignored: 0, missing: 0, unmanaged: 0 }
  for (const event of events) {
    if (event.type === 'ResourceMissing') counts.missing++
    if (event.type === 'UnmanagedResourceDiscovered') counts.unmanaged++
    if (event.type !== 'DriftDetected') continue
    for (const { decision } of event.data.decisions) if (isCounted(decision)) counts[decision]++
  }
  return counts
}

/** How many resources events decided something about. */
export function countTouched(events: readonly DomainEvent[]): number {
  const touched = new Set<string>()
  for (const event of events) {
    if (event.type === 'UnmanagedResourceDiscovered') touched.add(JSON.stringify(event.data.ref))
    else if (event.type === 'DriftDetected' || event.type === 'NodeVersionRecorded' || event.type === 'ResourceFound')
      touched.add(event.data.node)
  }
  return touched.size
}

function isCounted(decision: string): decision is 'adopted' | 'suppressed' | 'enforced' | 'ignored' {
  return decision === 'adopted' || decision === 'suppressed' || decision === 'enforced' || decision === 'ignored'
}
