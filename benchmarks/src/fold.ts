import { emptyState, evolve } from '@infraledger/core/rules'
import type { LedgerEvent } from '@infraledger/core/rules'
import { history } from './history.ts'
import { aim, inTurns, milliseconds, times } from './measure.ts'
import type { Row } from './measure.ts'

const EVENTS = 1_000_000
const NODES = 10_000
const CHUNK = 20_000

/** Folding events that are in memory, beside the plainest loop that keeps the same: every version with all its properties. */
export async function fold(): Promise<readonly Row[]> {
  const { ours, beside } = await inTurns(5, {
    beside: () => inChunks(plainLoop),
    ours: () => inChunks(foldOurs),
  })
  const rate = (EVENTS / ours / 1_000).toFixed(2)
  return [
    {
      what: 'fold of 1,000,000 events in memory',
      ours: `${milliseconds(ours)} (${rate} M events/s)`,
      beside: `plain loop that keeps every version: ${milliseconds(beside)}`,
      ratio: times(ours, beside),
      goal: aim('≥ 1 M events/s', EVENTS / ours >= 1_000),
      milliseconds: { ours, beside },
    },
  ]
}

type Fold = () => (events: readonly LedgerEvent[]) => void

/** Milliseconds that the folding takes. The events come in chunks and their making is not counted, as they would come from a store. */
function inChunks(start: Fold): number {
  const apply = start()
  let [elapsed, chunk]: [number, LedgerEvent[]] = [0, []]
  const flush = (): void => {
    const began = performance.now()
    apply(chunk)
    elapsed += performance.now() - began
    chunk = []
  }
  for (const event of history(NODES, EVENTS)) if (chunk.push(event) === CHUNK) flush()
  flush()
  return elapsed
}

const foldOurs: Fold = () => {
  const state = emptyState()
  return (events) => {
    for (const event of events) evolve(state, event)
  }
}

const plainLoop: Fold = () => {
  const nodes = new Map<string, Record<string, unknown>[]>()
  return (events) => {
    for (const event of events) {
      if (event.type !== 'NodeVersionRecorded') continue
      const versions = nodes.get(event.data.node) ?? []
      if (versions.length === 0) nodes.set(event.data.node, versions)
      versions.push({ ...versions.at(-1), ...event.data.set })
    }
  }
}
