import { emptyState, evolve } from '@infraledger/core/rules'
import { history } from './history.ts'
import type { Row } from './measure.ts'

const EVENTS = 500_000
const NODES = 10_000

/** Memory for each node version, beside keeping only a copy of the properties of each. */
export function memory(): Promise<readonly Row[]> {
  const ours = bytesKept(() => {
    const state = emptyState()
    for (const event of history(NODES, EVENTS)) evolve(state, event)
    return state
  })
  const beside = bytesKept(() => {
    const versions = new Map<string, object[]>()
    for (const event of history(NODES, EVENTS)) {
      if (event.type !== 'NodeVersionRecorded') continue
      const list = versions.get(event.data.node) ?? []
      versions.set(event.data.node, list)
      list.push({ ...list.at(-1), ...event.data.set })
    }
    return versions
  })
  return Promise.resolve([
    {
      what: 'memory for each node version (12 properties)',
      ours: each(ours),
      beside: `a copy of the properties alone: ${each(beside)}`,
      ratio: `${(ours / beside).toFixed(2)}×`,
      goal: '',
    },
  ])
}

const each = (bytes: number): string => `${Math.round(bytes / EVENTS)} bytes`

let kept: unknown

function bytesKept(build: () => unknown): number {
  kept = undefined
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  kept = build()
  globalThis.gc?.()
  const after = process.memoryUsage().heapUsed
  if (kept === undefined) throw new Error('nothing was kept')
  kept = undefined
  return after - before
}
