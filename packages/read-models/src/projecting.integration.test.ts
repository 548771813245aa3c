import { inMemoryEventStore, openLedger, user } from '@infraledger/core'
import type { EventStore } from '@infraledger/core'
import { hashEvent } from '@infraledger/core/adapter'
import { collect, virtualClock } from '@infraledger/testkit'
import { describe, expect, test, vi } from 'vitest'
import { contentsOf } from './contents.fixture.ts'
import { appendHistory } from './long-history.fixture.ts'
import { placesForTests } from './places.fixture.ts'
import { projectLedger } from './project-ledger.ts'

const ada = { actor: user('ada') }

/** A store that counts how often it is asked. */
function counting(store: EventStore): EventStore & { readonly asked: () => number } {
  let asked = 0
  return {
    ...store,
    asked: () => asked,
    readStream: (...given) => (asked++, store.readStream(...given)),
    readAll: (...given) => (asked++, store.readAll(...given)),
    subscribe: (...given) => (asked++, store.subscribe(...given)),
  }
}

/** A store whose first reads wait for each other: whoever reads knows where it begins by then. */
function meeting(store: EventStore, readers: number): EventStore {
  const { promise: all, resolve } = Promise.withResolvers<void>()
  let came = 0
  return {
    ...store,
    async *readStream(...given) {
      if (++came === readers) resolve()
      await all
      yield* store.readStream(...given)
    },
  }
}

/** Appends an event of a type that nobody knows yet. */
async function appendUnknown(store: EventStore, stream: string): Promise<void> {
  for await (const last of store.readStream(stream, { backwards: true, limit: 1 })) {
    const { recordedAt, metadata, hash: previousHash } = last
    const event = {
      id: 'future-1',
      type: 'NodePainted',
      schemaVersion: 1,
      data: '{}',
      metadata,
      recordedAt,
      previousHash,
    }
    const revision = last.revision + 1
    await store.append(stream, [{ ...event, hash: hashEvent(stream, revision, event) }], last.revision)
  }
}

describe.each(placesForTests())('$dialect', ({ newPlace }) => {
  test('READ 2: several that project the same at once do it once', async () => {
    const store = inMemoryEventStore()
    for (const environment of ['prod', 'staging']) await appendHistory(store, environment, 2_100)
    const [alone, together] = [await newPlace(), await newPlace()]
    await projectLedger({ store, target: alone.target })
    const shared = { store: meeting(store, 3), target: together.target }
    const reports = await Promise.all([1, 2, 3].map(() => projectLedger(shared)))
    expect(reports.reduce((sum, { events }) => sum + events, 0)).toBe(4_200)
    const [expected, contents] = [await contentsOf(alone.target), await contentsOf(together.target)]
    expect(contents).toEqual(expected)
  })

  test('READ 3: what an import brings is shown when it is completed, all of it, as of that moment', async () => {
    const store = inMemoryEventStore()
    const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
    const ledger = openLedger({ store, clock })
    const prod = await ledger.createEnvironment({ name: 'prod', type: 'production' }, ada)
    const nodes = Array.from({ length: 1_200 }, (_, index) => ({
      address: `bucket.b${index}`,
      kind: 'bucket',
      key: `b${index}`,
      properties: { versioning: true },
    }))
    const source = { type: 'terraform', name: 'legacy.tfstate', digest: 'd1', lineage: 'legacy', serial: 1 }
    await prod.import({ source, nodes, edges: [] }, ada)
    // The same ledger, cut in the middle of the import.
    const cut = inMemoryEventStore()
    const { target } = await newPlace()
    const events = await collect(store.readStream('environment-prod'))
    const end = events.findIndex(({ type }) => type === 'ImportCompleted')
    const append = async (from: number, to: number): Promise<void> => {
      for (let first = from; first < to; first += 500) {
        const part = events.slice(first, Math.min(first + 500, to))
        await cut.append('environment-prod', part, first === 0 ? 'none' : first - 1)
      }
    }
    await append(0, end - 1)
    await projectLedger({ store: cut, target })
    const before = await contentsOf(target)
    expect(before.imports).toMatchObject([{ status: 'open', lineage: 'legacy', serial: 1 }])
    expect([before.nodes, before.node_versions, before.audit_trail]).toEqual([[], [], []])

    await append(end - 1, events.length)
    await projectLedger({ store: cut, target })
    const after = await contentsOf(target)
    expect(after.nodes).toHaveLength(1_200)
    expect(new Set(after.node_versions.map(({ valid_from: from }) => from))).toEqual(new Set([events[end]?.recordedAt]))
    expect(after.imports).toMatchObject([{ status: 'completed', recorded: 1_200, is_latest: true }])
    expect(after.staged_events).toEqual([])
  })

  test('READ 7: an event that is not known is noted and skipped, and what comes after it is projected', async () => {
    const store = inMemoryEventStore()
    await appendHistory(store, 'prod', 10)
    await appendUnknown(store, 'environment-prod')
    const { target } = await newPlace()
    await projectLedger({ store, target })
    const { skipped_events: skipped, checkpoints } = await contentsOf(target)
    expect(skipped).toMatchObject([{ stream: 'environment-prod', revision: 10, type: 'NodePainted' }])
    expect(checkpoints).toMatchObject([{ stream: 'activity-prod' }, { stream: 'environment-prod', revision: 10 }])
  })

  test('READ 8: what is appended while it follows is projected, new environments too; while nothing is, nothing is asked', async () => {
    const store = counting(inMemoryEventStore())
    const ledger = openLedger({ store })
    const prod = await ledger.createEnvironment({ name: 'prod', type: 'development' }, ada)
    const { target } = await newPlace()
    const stop = new AbortController()
    const projected: string[] = []
    const following = projectLedger({
      store,
      target,
      follow: true,
      signal: stop.signal,
      onProgress: ({ environment, revision }) => projected.push(`${environment} ${revision}`),
    })
    await vi.waitFor(() => expect(projected).toContain('prod 1'))
    await prod.grantRole({ subject: 'grace', role: 'member' }, ada)
    await ledger.createEnvironment({ name: 'late', type: 'development' }, ada)
    await vi.waitFor(() => expect(projected).toEqual(expect.arrayContaining(['prod 2', 'late 1'])))
    const asked = store.asked()
    // Turns of the event loop in which it could ask again.
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(store.asked()).toBe(asked)
    stop.abort()
    expect(await following).toMatchObject({ environments: ['late', 'prod'] })
    const { environments, role_grants } = await contentsOf(target)
    expect(environments.map(({ environment }) => environment)).toEqual(['late', 'prod'])
    expect(role_grants.map(({ subject }) => subject)).toContain('grace')
  })

  test('READ 10: text that the database cannot hold does not stop the projection', async () => {
    const store = inMemoryEventStore()
    const ledger = openLedger({ store })
    const prod = await ledger.createEnvironment({ name: 'prod', type: 'development' }, ada)
    await prod.import(
      {
        source: { type: 'terraform', name: 's', digest: 'd', serial: Number.MAX_SAFE_INTEGER },
        nodes: [
          {
            address: 'a',
            kind: 'aws_thing',
            key: 'odd\u{D83D}',
            properties: {
              text: 'nul \0 half \u{D83D} whole \u{1F600}',
              'key\0': [{ deep: '\0' }],
              long: 'x'.repeat(20_000),
              ['k'.repeat(5_000)]: 1.7e308,
            },
          },
        ],
        edges: [],
      },
      ada,
    )
    const { target } = await newPlace()
    await projectLedger({ store, target })
    const { nodes } = await contentsOf(target)
    expect(nodes).toMatchObject([
      {
        node_id: 'aws_thing/odd\u{FFFD}',
        properties: { text: 'nul \u{FFFD} half \u{FFFD} whole \u{1F600}', 'key\u{FFFD}': [{ deep: '\u{FFFD}' }] },
      },
    ])
  })
})
