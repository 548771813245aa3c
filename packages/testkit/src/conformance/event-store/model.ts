import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { isLedgerError } from '@infraledger/core/adapter'
import type { AppendResult, EventStore, EventToAppend, ExpectedRevision } from '@infraledger/core/adapter'
import { collect } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { streamWriter } from './stream-writer.ts'

/**
 * One random step: an append decided on the right revision or any other, or an earlier append again, whole or with
 * other content.
 */
type Step =
  | {
      readonly type: 'append'
      readonly stream: number
      readonly count: number
      readonly expected: 'right' | ExpectedRevision
    }
  | { readonly type: 'repeat'; readonly earlier: number; readonly expected: ExpectedRevision }
  | { readonly type: 'reuse'; readonly earlier: number }

/** An append and what the model says the store must answer. */
type Append = {
  readonly stream: string
  readonly events: readonly EventToAppend[]
  readonly expected: ExpectedRevision
  readonly answer: 'append-conflict' | 'event-id-reused' | Omit<AppendResult, 'lastPosition'>
}

/** The model: the accepted appends of one run, in order. */
type Model = { readonly prefix: string; readonly accepted: Append[] }

const anyRevision = fc.oneof(fc.constant('none' as const), fc.nat(6))
const right = fc.constant('right' as const)
const appendStep = fc.record({
  type: fc.constant('append' as const),
  stream: fc.nat(2),
  count: fc.integer({ min: 1, max: 4 }),
  expected: fc.oneof({ weight: 3, arbitrary: right }, { weight: 1, arbitrary: anyRevision }),
})
const repeatStep = fc.record({ type: fc.constant('repeat' as const), earlier: fc.nat(), expected: anyRevision })
const reuseStep = fc.record({ type: fc.constant('reuse' as const), earlier: fc.nat() })
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: appendStep },
  { weight: 1, arbitrary: repeatStep },
  { weight: 1, arbitrary: reuseStep },
)

/**
 * STORE 17: any sequence of appends. `INFRALEDGER_SEED` repeats a run; a failure prints its seed and the smallest
 * sequence.
 */
export const modelCases: readonly EventStoreCase[] = [
  {
    id: 'random-appends',
    title: 'STORE 17: any sequence of appends, repetitions and reused ids is answered and kept as by a plain model',
    async run({ store }) {
      const seed = Number(process.env['INFRALEDGER_SEED'] ?? randomInt(2 ** 31))
      let runs = 0
      const property = fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
        runs += 1
        const model: Model = { prefix: `run-${runs}`, accepted: [] }
        const [last] = (await collect(store.readAll())).slice(-1)
        for (const step of steps) await play(store, model, step)
        await compare(store, model, last?.position ?? 0n)
      })
      await fc.assert(property, { seed, numRuns: 40 })
    },
  },
]

async function play(store: EventStore, model: Model, step: Step): Promise<void> {
  const append = answered(model, step)
  if (append === undefined) return
  const { stream, events, expected, answer } = append
  try {
    const { lastPosition: _, ...result } = await store.append(stream, events, expected)
    assert.deepEqual(result, answer)
    if (step.type === 'append') model.accepted.push(append)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    assert.equal(error.code, answer)
  }
}

function answered(model: Model, step: Step): Append | undefined {
  if (step.type === 'append') return freshAppend(model, step)
  const earlier = model.accepted[step.earlier % model.accepted.length]
  if (earlier === undefined) return undefined
  if (step.type === 'repeat') return { ...earlier, expected: step.expected }
  const [event, ...others] = earlier.events
  if (event === undefined) return undefined
  return {
    ...earlier,
    events: [{ ...event, data: '"other"', hash: 'f'.repeat(64) }, ...others],
    answer: 'event-id-reused',
  }
}

function freshAppend(model: Model, step: Extract<Step, { type: 'append' }>): Append {
  const stream = `${model.prefix}-${step.stream}`
  const held = heldBy(model, stream)
  const actual = held.length === 0 ? 'none' : held.length - 1
  const expected = step.expected === 'right' ? actual : step.expected
  const end = held.at(-1)
  const writer = streamWriter(stream, end === undefined ? undefined : { revision: held.length - 1, hash: end.hash })
  const answer = { firstRevision: held.length, lastRevision: held.length + step.count - 1 }
  return {
    stream,
    events: writer.draft(step.count),
    expected,
    answer: expected === actual ? answer : 'append-conflict',
  }
}

const heldBy = ({ accepted }: Model, stream: string): EventToAppend[] =>
  accepted.filter((append) => append.stream === stream).flatMap(({ events }) => events)

const hashes = (events: readonly { readonly hash: string }[]): string[] => events.map(({ hash }) => hash)

async function compare(store: EventStore, model: Model, after: bigint): Promise<void> {
  const all = await collect(store.readAll({ after }))
  assert.deepEqual(hashes(all), hashes(model.accepted.flatMap(({ events }) => events)))
  if (store.positions === 'dense')
    assert.deepEqual(
      all.map(({ position }) => position),
      all.map((_, index) => after + BigInt(index + 1)),
    )
  for (const number of [0, 1, 2]) {
    const stream = `${model.prefix}-${number}`
    const held = hashes(heldBy(model, stream))
    assert.deepEqual(hashes(await collect(store.readStream(stream))), held)
    assert.deepEqual(hashes(await collect(store.readStream(stream, { backwards: true }))), held.toReversed())
  }
}
