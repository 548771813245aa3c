import type { MeasuredStore } from './measured-store.ts'
import { emptyProjection, filledStream, FILLED, project, workEvents } from './workload.ts'

/** How much of each work is done in one round. */
export type Sizes = { readonly singles: number; readonly batches: number; readonly many: number }

const PER_STREAM = 10
const CALLERS = 16

/** What is measured of a store. Each answers the milliseconds that it took; `round` keeps the streams of rounds apart. */
export const WORKS = {
  /** Appends of one event, each waiting for the one before, to streams of ten. */
  async singles(store: MeasuredStore, { singles }: Sizes, round: number): Promise<number> {
    const events = workEvents(singles).map((event) => [event])
    return measured(async () => {
      for (const [index, event] of events.entries()) {
        const stream = Math.floor(index / PER_STREAM)
        await store.append(`environment-s${round}-${stream}`, event, index % PER_STREAM)
      }
    })
  },
  /** Appends of 100 events, each waiting for the one before, to a stream of its own. */
  async batches(store: MeasuredStore, { batches }: Sizes, round: number): Promise<number> {
    const appends = Array.from({ length: batches }, (_, index) => workEvents(100, index * 100))
    return measured(async () => {
      for (const [index, events] of appends.entries()) await store.append(`environment-b${round}-${index}`, events, 0)
    })
  },
  /** Appends of one event by 16 callers, each to a stream of its own and waiting for its own only. */
  async many(store: MeasuredStore, { many }: Sizes, round: number): Promise<number> {
    const events = workEvents(Math.ceil(many / CALLERS)).map((event) => [event])
    const caller = async (stream: string): Promise<void> => {
      for (const [index, event] of events.entries()) await store.append(stream, event, index)
    }
    return measured(() =>
      Promise.all(Array.from({ length: CALLERS }, (_, index) => caller(`environment-m${round}-${index}`))),
    )
  },
  /** Reads a stream of 10,000 events and folds it. */
  async load(store: MeasuredStore): Promise<number> {
    const projection = emptyProjection()
    const elapsed = await measured(() => store.read(filledStream(0), (event) => project(projection, event)))
    return checked(elapsed, projection.events, FILLED.events)
  },
  /** Reads 100,000 events of all streams and folds them. */
  async rebuild(store: MeasuredStore): Promise<number> {
    const projection = emptyProjection()
    const elapsed = await measured(() => store.readAll((event) => project(projection, event)))
    return checked(elapsed, projection.events, FILLED.streams * FILLED.events)
  },
  /** Puts in what is read; not compared. */
  async fill(store: MeasuredStore): Promise<number> {
    return measured(async () => {
      for (let at = 0; at < FILLED.events; at += FILLED.batch) {
        for (let stream = 0; stream < FILLED.streams; stream++)
          await store.append(filledStream(stream), workEvents(FILLED.batch, stream * FILLED.events + at), at)
      }
    })
  },
} as const satisfies Readonly<Record<string, (store: MeasuredStore, sizes: Sizes, round: number) => Promise<number>>>

export type Work = keyof typeof WORKS

async function measured(work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.()
  const start = performance.now()
  await work()
  return performance.now() - start
}

function checked(elapsed: number, events: number, expected: number): number {
  if (events !== expected) throw new Error(`${events} events were read instead of ${expected}`)
  return elapsed
}
