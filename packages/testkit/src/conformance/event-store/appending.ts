import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { ExpectedRevision } from '@infraledger/core/adapter'
import { collect, refused } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { onStage } from './stage.ts'
import { streamWriter } from './stream-writer.ts'

type Row = { readonly held: number; readonly expected: ExpectedRevision; readonly actual?: ExpectedRevision }

/** The truth table of the port: with `actual` a conflict that names it, without one the append lands. */
const TRUTH_TABLE: readonly Row[] = [
  { held: 0, expected: 'none' },
  { held: 0, expected: 0, actual: 'none' },
  { held: 0, expected: 5, actual: 'none' },
  { held: 1, expected: 'none', actual: 0 },
  { held: 1, expected: 0 },
  { held: 3, expected: 'none', actual: 2 },
  { held: 3, expected: 0, actual: 2 },
  { held: 3, expected: 1, actual: 2 },
  { held: 3, expected: 2 },
  { held: 3, expected: 3, actual: 2 },
  { held: 3, expected: 99, actual: 2 },
]

/** STORE 1 and 2: what is appended where, and what an expected revision means. */
export const appendingCases: readonly EventStoreCase[] = [
  {
    id: 'append-whole',
    title: 'STORE 1: an append is read back whole, in order, at the next revisions of its stream',
    async run(harness) {
      const { store, writer } = await onStage(harness)
      const prod = writer('environment-prod')
      const first = await prod.append(store, 3)
      const second = await prod.append(store, 2)
      assert.deepEqual([first.firstRevision, first.lastRevision], [0, 2])
      assert.deepEqual([second.firstRevision, second.lastRevision], [3, 4])
      const read = await collect(store.readStream(prod.stream))
      assert.equal(read.at(-1)?.position, second.lastPosition)
      assert.equal(read.length, 5)
      for (const [revision, event] of [...first.events, ...second.events].entries())
        assert.deepEqual(
          { ...read[revision] },
          { ...event, stream: prod.stream, revision, position: read[revision]?.position },
        )
    },
  },
  {
    id: 'expected-truth-table',
    title: 'STORE 2: an append lands only on the revision that it was decided on; a conflict names the actual one',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      for (const [index, { held, expected, actual }] of TRUTH_TABLE.entries()) {
        const writer = stage.writer(`stream-${index}`)
        if (held > 0) await writer.append(store, held)
        const append = () => store.append(writer.stream, writer.draft(1), expected)
        if (actual === undefined) assert.equal((await append()).firstRevision, held, JSON.stringify(TRUTH_TABLE[index]))
        else {
          const error = await refused('append-conflict', append, { stream: writer.stream, expected, actual })
          assert.equal(error.retryable, false)
        }
      }
    },
  },
  {
    id: 'conflict-writes-nothing',
    title: 'STORE 2: an append that conflicts leaves nothing behind, not even a missing stream',
    async run(harness) {
      const stage = await onStage(harness)
      const { store, start } = stage
      const writer = stage.writer('environment-prod')
      await refused('append-conflict', () => store.append(writer.stream, writer.draft(2), 0))
      assert.deepEqual(await stage.all(), [])
      const appended = await writer.append(store, 1)
      if (harness.fresh === true && store.positions === 'dense') assert.equal(appended.lastPosition, start + 1n)
      await refused('append-conflict', () => store.append(writer.stream, writer.draft(2), 7))
      assert.equal((await stage.all()).length, 1)
    },
  },
  {
    id: 'streams-apart',
    title: 'STORE 2: streams are apart, whatever their names look like',
    async run({ store, fresh = false }) {
      const run = randomUUID()
      // What a collation or a pattern would take for the same; at the end of a name, and at its beginning.
      const names = [
        'a',
        'A',
        'a ',
        'a%',
        'a_',
        "a'b",
        'ä',
        'a\u0308',
        'a/b',
        'a-1',
        '1',
        '01',
        '🙂',
        '\u{1f642}\u200d',
      ]
      const unique = [...names.map((name) => `${run}${name}`), ...names.map((name) => `${name}${run}`), `$a${run}`]
      const all = fresh ? [...unique, ...names, '__proto__', 'constructor', '$a'] : unique
      for (const [index, name] of all.entries()) await streamWriter(name).append(store, 1 + (index % 3))
      for (const [index, name] of all.entries()) {
        const events = await collect(store.readStream(name))
        assert.deepEqual([events.length, events[0]?.stream], [1 + (index % 3), name])
      }
    },
  },
]
