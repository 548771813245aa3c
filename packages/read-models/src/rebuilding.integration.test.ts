import { inMemoryEventStore } from '@infraledger/core'
import type { EventStore } from '@infraledger/core'
import { describe, expect, test } from 'vitest'
import { contentsOf } from './contents.fixture.ts'
import { appendHistory } from './long-history.fixture.ts'
import { placesForTests } from './places.fixture.ts'
import { projectLedger } from './project-ledger.ts'
import type { ReadModels } from './read-models.ts'
import { rebuildReadModels } from './rebuild-read-models.ts'

const EVENTS = 2_100

async function prodStore(environment = 'prod', events = EVENTS): Promise<EventStore> {
  const store = inMemoryEventStore()
  await appendHistory(store, environment, events)
  return store
}

/** Spoils tables, as an older defect or a person might have. */
async function spoil(target: ReadModels): Promise<void> {
  const models = await target.open()
  await models.transaction(async (transaction) => {
    await transaction.update({ table: 'nodes', set: { actor: 'user nobody' }, where: { environment: 'prod' } })
    await transaction.remove('audit_trail', { environment: 'prod', revision: { below: 500 } })
  })
  await models.close()
}

describe.each(placesForTests())('$dialect', ({ newPlace }) => {
  test('READ 4: a rebuild is made beside the live tables, and only what differs is swapped', async () => {
    const store = await prodStore()
    const { target } = await newPlace()
    await projectLedger({ store, target })
    const expected = await contentsOf(target)
    await spoil(target)
    const spoilt = await contentsOf(target)
    const { swapped, events } = await rebuildReadModels({
      store,
      target,
      onProgress: () => {
        expect(spoilt.audit_trail.length).toBeGreaterThan(0)
      },
    })
    expect(events).toBe(EVENTS)
    const missing = expected.audit_trail.length - spoilt.audit_trail.length
    expect(swapped).toEqual({ removed: expected.nodes.length, added: expected.nodes.length + missing })
    expect(await contentsOf(target)).toEqual(expected)
    expect((await rebuildReadModels({ store, target })).swapped).toEqual({ removed: 0, added: 0 })
  })

  test('READ 4: while it is built, readers have the tables that they had; broken off, it is gone on with', async () => {
    const store = await prodStore()
    const { target } = await newPlace()
    await projectLedger({ store, target })
    await spoil(target)
    const spoilt = await contentsOf(target)
    const stop = new AbortController()
    const broken = await rebuildReadModels({ store, target, signal: stop.signal, onProgress: () => stop.abort() })
    expect(broken).toMatchObject({ swapped: undefined })
    expect(broken.events).toBeLessThan(EVENTS)
    expect(await contentsOf(target)).toEqual(spoilt)
    const resumed = await rebuildReadModels({ store, target })
    expect(resumed.events).toBe(EVENTS - broken.events)
    expect(resumed.swapped?.removed).toBeGreaterThan(0)
  })

  test('READ 4: what is projected into the live tables meanwhile is not lost by the swap', async () => {
    const store = await prodStore()
    const { target } = await newPlace()
    await projectLedger({ store, target })
    let late: Promise<unknown> | undefined
    const { swapped, environments } = await rebuildReadModels({
      store,
      target,
      // The live tables come to know more than the ones that are being built.
      onProgress: () => {
        late ??= appendHistory(store, 'late', 600).then(() => projectLedger({ store, target }))
      },
    })
    await late
    await projectLedger({ store, target })
    expect(swapped).toBeDefined()
    expect(environments).toContain('prod')
    const { checkpoints } = await contentsOf(target)
    expect(checkpoints.map(({ stream, revision }) => [stream, revision])).toEqual([
      ['activity-late', -1],
      ['environment-late', 599],
      ['activity-prod', -1],
      ['environment-prod', EVENTS - 1],
    ])
    const fresh = await newPlace()
    await projectLedger({ store, target: fresh.target })
    expect(await contentsOf(target)).toEqual(await contentsOf(fresh.target))
  })

  test('READ 5: tables that were made from another ledger are refused, and rebuilt only when that is asked for', async () => {
    const { target } = await newPlace()
    await projectLedger({ store: await prodStore(), target })
    const other = inMemoryEventStore()
    await appendHistory(other, 'other', 50)
    const refused = { code: 'read-models-of-another-ledger', details: { stream: 'environment-prod' } }
    await expect(projectLedger({ store: other, target })).rejects.toMatchObject(refused)
    // A ledger that goes another way after the same beginning.
    const shorter = await prodStore('prod', 20)
    await expect(projectLedger({ store: shorter, target })).rejects.toMatchObject(refused)
    const { swapped } = await rebuildReadModels({ store: other, target })
    expect(swapped?.removed).toBeGreaterThan(EVENTS / 2)
    const { environments, nodes } = await contentsOf(target)
    expect(environments.map(({ environment }) => environment)).toEqual(['other'])
    expect(new Set(nodes.map(({ environment }) => environment))).toEqual(new Set(['other']))
  })
})
