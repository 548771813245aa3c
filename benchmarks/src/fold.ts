import { emptyState, evolve } from '@infraledger/core/rules'
import type { LedgerEvent } from '@infraledger/core/rules'
import { history } from './history.ts'
import { interleaved, milliseconds, times } from './measure.ts'
import type { Row } from './measure.ts'

const EVENTS = 1_000_000
const NODES = 10_000

/** Folding events that are in memory, beside the plainest loop that keeps the same: every version with all its properties. */
export async function fold(): Promise<readonly Row[]> {
  const events = [...history(NODES, EVENTS)]
  const { ours, beside } = await interleaved(
    3,
    () => foldOurs(events),
    () => plainLoop(events),
  )
  const rate = (EVENTS / ours / 1_000).toFixed(2)
  return [
    {
      what: 'fold of 1,000,000 events in memory',
      ours: `${milliseconds(ours)} (${rate} M events/s)`,
      beside: `plain loop that keeps every version: ${milliseconds(beside)}`,
      ratio: times(ours, beside),
      goal: '≥ 1 M events/s',
    },
  ]
}

function foldOurs(events: readonly LedgerEvent[]): number {
  const state = emptyState()
  for (const event of events) evolve(state, event)
  return state.graph.nodes.size
}

function plainLoop(events: readonly LedgerEvent[]): number {
  const nodes = new Map<string, Record<string, unknown>[]>()
  for (const event of events) {
    if (event.type !== 'NodeVersionRecorded') continue
    const versions = nodes.get(event.data.node) ?? []
    if (versions.length === 0) nodes.set(event.data.node, versions)
    versions.push({ ...versions.at(-1), ...event.data.set })
  }
  return nodes.size
}
