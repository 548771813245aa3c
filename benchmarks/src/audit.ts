import { inMemoryEventStore, openLedger } from '@infraledger/core'
import { ENVIRONMENT, history, nodeId, write } from './history.ts'
import { median, milliseconds, timed } from './measure.ts'
import type { Row } from './measure.ts'

const QUESTIONS = 1_000

/** One property's lineage over 100,000 events, and looking back and comparing while history grows. */
export async function audit(): Promise<readonly Row[]> {
  const rows: Row[] = []
  const looks: { at: number; diff: number; events: number }[] = []
  for (const events of [10_000, 100_000, 500_000]) {
    const store = inMemoryEventStore()
    await write(store, history(1_000, events))
    const ledger = openLedger({ store })
    const bench = ledger.environment(ENVIRONMENT)
    await bench.graph()
    if (events === 100_000) rows.push(await lineage(bench))
    const { version } = await bench.graph()
    const at = await perQuestion(async (index) => {
      const view = await bench.graph({ at: Math.max(2_000, Math.floor((version * index) / QUESTIONS)) })
      if (view.node(nodeId(index % 1_000)) === undefined) throw new Error('the node is not there')
    })
    const diff = await perQuestion(async (index) => {
      const from = Math.max(1, Math.floor(((version - 10) * index) / QUESTIONS))
      await bench.diff({ from, to: from + 10 })
    })
    looks.push({ at, diff, events })
    await ledger.close()
  }
  const [first, last] = [looks[0], looks.at(-1)]
  for (const what of ['at', 'diff'] as const) {
    if (first === undefined || last === undefined) continue
    rows.push({
      what: what === 'at' ? 'one node at any version' : 'diff of ten versions',
      ours: `${milliseconds(last[what])} after ${last.events.toLocaleString('en')} events`,
      beside: `${milliseconds(first[what])} after ${first.events.toLocaleString('en')} events`,
      ratio: `${(last[what] / first[what]).toFixed(2)}× for ${last.events / first.events}× the history`,
      goal: 'independent of history',
    })
  }
  return rows
}

async function lineage(bench: ReturnType<ReturnType<typeof openLedger>['environment']>): Promise<Row> {
  await bench.why(nodeId(0), 'revision')
  const each = await perQuestion((index) => bench.why(nodeId(index), index % 2 === 0 ? 'revision' : 'tier'))
  return {
    what: 'lineage of one property over 100,000 events',
    ours: milliseconds(each),
    beside: '–',
    ratio: '–',
    goal: '< 1 ms',
  }
}

/** The median of five rounds, for one question. */
async function perQuestion(ask: (index: number) => Promise<unknown>): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < 5; round++) {
    const elapsed = await timed(async () => {
      for (let index = 0; index < QUESTIONS; index++) await ask(index)
    })
    rounds.push(elapsed / QUESTIONS)
  }
  return median(rounds)
}
