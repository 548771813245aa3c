import type { CloudProvider, ObservationPage, ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import { call } from './call.ts'
import { observationOf, seenBehind } from './seeing.ts'
import type { Simulation } from './simulation.ts'

/** Reads resources by ref, a page at a time. */
export function observing(simulation: Simulation): CloudProvider['observe'] {
  const { pageSize } = simulation.settings
  return async function* observe(refs, options = {}) {
    for (let start = 0; start < refs.length; start += pageSize) {
      const page = refs.slice(start, start + pageSize)
      const serve = (now: number): { answer: ObservationPage; effect: false } => ({
        answer: read(simulation, page, now),
        effect: false,
      })
      yield await call(simulation, { operation: 'observe' }, serve, options.signal)
    }
  }
}

function read(simulation: Simulation, refs: readonly ProviderRef[], now: number): ObservationPage {
  const found: ResourceObservation[] = []
  const missing: ProviderRef[] = []
  const failed: { ref: ProviderRef; reason: string }[] = []
  for (const ref of refs) {
    const reason = unreadable(simulation, ref)
    const resource = reason === undefined ? seenBehind(simulation, ref, now) : undefined
    if (reason !== undefined) failed.push({ ref, reason })
    else if (resource === undefined) missing.push(ref)
    else found.push(observationOf(simulation, resource, now))
  }
  return { found, missing, failed }
}

function unreadable(simulation: Simulation, ref: ProviderRef): string | undefined {
  // Of another cloud's things nothing is known, which is not to say that they are missing.
  if (ref.provider !== simulation.name) return `${simulation.name} knows nothing of ${ref.provider}`
  return simulation.faults.unreadable({ operation: 'observe', kind: ref.type, name: ref.name })
}
