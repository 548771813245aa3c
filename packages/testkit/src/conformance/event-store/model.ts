import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { inMemoryEventStore } from '@infraledger/core'
import { isLedgerError } from '@infraledger/core/adapter'
import type { EventStore, EventToAppend, ExpectedRevision, RecordedEvent } from '@infraledger/core/adapter'
import { assertPositions, collect } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { anyWorkload, streamOf, TYPES, type AppendStep, type ReadAllStep, type Step } from './model-steps.ts'
import { onStage, type Stage } from './stage.ts'
import { streamWriter } from './stream-writer.ts'

const RUNS = 40

/** One run: the store, the model, and what of it both accepted. Their positions differ, and nothing else may. */
type Run = {
  readonly stage: Stage
  /** Nobody else writes to the store. */
  readonly alone: boolean
  readonly model: EventStore
  readonly accepted: Request[]
}

type Request = Parameters<EventStore['append']>

/**
 * STORE 17: any workload is answered, kept and read as by the store in memory. `INFRALEDGER_SEED` repeats a run; a
 * failure prints its seed and the smallest workload.
 */
export const modelCases: readonly EventStoreCase[] = [
  {
    id: 'random-workloads',
    title: 'STORE 17: any workload of appends, repetitions, reads and snapshots goes as on the store in memory',
    async run(harness) {
      const seed = Number(process.env['INFRALEDGER_SEED'] ?? randomInt(2 ** 31))
      const property = fc.asyncProperty(anyWorkload, async (steps) => {
        // One store for all runs: each begins where the one before ended.
        const stage = await onStage({ ...harness, fresh: false })
        const run = { stage, alone: harness.fresh === true, model: inMemoryEventStore(), accepted: [] }
        for (const step of steps) await play(run, step)
        await compare(run)
      })
      await fc.assert(property, { seed, numRuns: RUNS })
    },
  },
]

async function play(run: Run, step: Step): Promise<void> {
  switch (step.type) {
    case 'append':
    case 'repeat':
    case 'reuse':
      return appendAll(run, [requestOf(run, step)])
    case 'together':
      return appendAll(
        run,
        step.appends.map((append) => requestOf(run, append)),
      )
    case 'read-stream': {
      const { stream, ...options } = step
      return same(run, async (store) => told(await collect(store.readStream(streamOf(run.stage, stream), options))))
    }
    case 'read-all':
      return readAll(run, step)
    case 'save-snapshot': {
      const { revision, foldVersion } = step
      const snapshot = {
        stream: streamOf(run.stage, step.stream),
        revision,
        foldVersion,
        hash: 'h',
        state: `${revision}`,
      }
      return same(run, async (store) => store.saveSnapshot(snapshot))
    }
    case 'load-snapshot':
      return same(run, async (store) => ({ ...(await store.loadSnapshot(streamOf(run.stage, step.stream))) }))
  }
}

/** The same on the store and on the model: both must answer alike. */
async function same(run: Run, call: (store: EventStore) => Promise<unknown>): Promise<void> {
  assert.deepEqual(await call(run.stage.store), await call(run.model))
}

/** What is told of events besides their positions. */
const told = (events: readonly RecordedEvent[]): object[] => events.map((event) => ({ ...event, position: undefined }))

/** Makes appends without waiting in between; they are taken in this order. */
async function appendAll(run: Run, requests: readonly (Request | undefined)[]): Promise<void> {
  const made = requests.filter((request) => request !== undefined)
  const appended = async (store: EventStore) => Promise.all(made.map(async (request) => outcome(store, request)))
  const [answers, wanted] = [await appended(run.stage.store), await appended(run.model)]
  assert.deepEqual(answers, wanted)
  for (const [index, request] of made.entries()) if (answers[index]?.type === 'appended') run.accepted.push(request)
}

type Outcome =
  | { readonly type: 'appended'; readonly revisions: readonly number[] }
  | { readonly type: 'refused'; readonly code: string; readonly actual?: ExpectedRevision }

async function outcome(store: EventStore, request: Request): Promise<Outcome> {
  try {
    const { firstRevision, lastRevision } = await store.append(...request)
    return { type: 'appended', revisions: [firstRevision, lastRevision] }
  } catch (error) {
    if (!isLedgerError(error)) throw error
    const refused = { type: 'refused', code: error.code } as const
    return isLedgerError(error, 'append-conflict') ? { ...refused, actual: error.details.actual } : refused
  }
}

function requestOf({ stage, accepted }: Run, step: AppendStep): Request | undefined {
  if (step.type === 'append') {
    const stream = streamOf(stage, step.stream)
    const held = heldBy(accepted, stream)
    const end = held.at(-1)
    const writer = streamWriter(stream, end === undefined ? undefined : { revision: held.length - 1, hash: end.hash })
    const drafts = Array.from({ length: step.count }, (_, index) => ({
      type: TYPES[(step.kind + index) % TYPES.length] ?? '',
    }))
    return [stream, writer.draft(drafts), step.expected === 'right' ? writer.expected() : step.expected]
  }
  const earlier = accepted[step.earlier % accepted.length]
  if (earlier === undefined) return undefined
  const [stream, events, expected] = earlier
  if (step.type === 'repeat') return [stream, events, step.expected]
  const [event, ...others] = events
  return event && [stream, [{ ...event, data: '"other"', hash: 'f'.repeat(64) }, ...others], expected]
}

/** The events of a stream so far; an append that was repeated counts once. */
function heldBy(accepted: readonly Request[], stream: string): EventToAppend[] {
  const events = accepted.filter(([of]) => of === stream).flatMap(([, appended]) => appended)
  return [...new Map(events.map((event) => [event.id, event])).values()]
}

/** Reads behind an event that both hold; in a store with other writers a limit would count their events, too. */
async function readAll({ stage, alone, model }: Run, { behind, types, limit }: ReadAllStep): Promise<void> {
  const [all, modelled] = [await stage.all(), await collect(model.readAll())]
  const index = modelled.length === 0 ? -1 : (behind % (modelled.length + 1)) - 1
  const options = { ...(types === undefined ? {} : { types }), ...(limit === undefined || !alone ? {} : { limit }) }
  const wanted = await collect(model.readAll({ after: modelled[index]?.position ?? 0n, ...options }))
  const read = await collect(stage.store.readAll({ after: all[index]?.position ?? stage.start, ...options }))
  assert.deepEqual(told(read.filter(stage.isOurs)), told(wanted))
}

async function compare({ stage, model }: Run): Promise<void> {
  assert.deepEqual(told(await stage.all()), told(await collect(model.readAll())))
  assertPositions(stage.store.positions, await stage.whole(), stage.start)
}
