import assert from 'node:assert/strict'
import type { Properties, ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import { refused } from '../event-store/assertions.ts'
import { finish, make, read, steadyValues, valuesOf } from './driving.ts'
import type { Completed } from './driving.ts'
import type { CloudProviderCase, CloudProviderHarness } from './harness.ts'

type Update = {
  readonly ref: ProviderRef
  readonly changes: Properties
  readonly expected: Properties
  readonly key: string
}

/** Changing resources. */
export const updatingCases: readonly CloudProviderCase[] = [
  {
    id: 'updated-as-asked',
    title: 'CLOUD 6 an update changes what was asked for and nothing else, and is completed with the values read back',
    async run(harness) {
      const { change } = harness.sample
      const before = await make(harness, 'one')
      const { observation, deferred } = await update(harness, { ...expecting(before, change), key: 'update' })
      assert.ok(observation)
      assert.deepEqual(deferred, {})
      assert.deepEqual(steadyValues(observation), { ...steadyValues(before), ...change })
      assert.deepEqual(steadyValues(await read(harness, before.ref)), steadyValues(observation))
    },
  },
  {
    id: 'compare-and-set',
    title: 'CLOUD 7 an update that expects other values than there are is refused and changes nothing',
    async run(harness) {
      const { change } = harness.sample
      const before = await make(harness, 'one')
      const wrong = { ref: before.ref, changes: change, expected: change, key: 'update' }
      await refused('cloud-refused', () => update(harness, wrong))
      assert.deepEqual(steadyValues(await read(harness, before.ref)), steadyValues(before))
    },
  },
  {
    id: 'updated-once',
    title: 'CLOUD 8 an update under the same key again does nothing, even after it was undone',
    async run(harness) {
      const { change } = harness.sample
      const before = await make(harness, 'one')
      const there = { ...expecting(before, change), key: 'there' }
      const after = await update(harness, there)
      assert.ok(after.observation)
      await update(harness, { ...expecting(after.observation, valuesOf(before, change)), key: 'back' })
      await update(harness, there)
      assert.deepEqual(steadyValues(await read(harness, before.ref)), steadyValues(before))
    },
  },
  {
    id: 'update-of-nothing',
    title: 'CLOUD 9 an update of what does not exist is refused',
    async run(harness) {
      const { change } = harness.sample
      const { ref } = await make(harness, 'one')
      const elsewhere = { ...ref, name: harness.name('two'), id: `${ref.id}-other` }
      await refused('cloud-refused', () =>
        update(harness, { ref: elsewhere, changes: change, expected: {}, key: 'update' }),
      )
    },
  },
  {
    id: 'update-deferred',
    title:
      'CLOUD 10 what waits for the maintenance window is answered and observed as deferred; the value in force stays',
    async run(harness) {
      const { deferrable } = harness.sample
      if (deferrable === undefined) return
      const before = await make(harness, 'one')
      const request = expecting(before, deferrable)
      const { deferred } = await update(harness, { ...request, key: 'update' }, 'maintenance-window')
      assert.deepEqual(deferred, deferrable)
      const after = await read(harness, before.ref)
      assert.deepEqual(valuesOf(after, deferrable), valuesOf(before, deferrable))
      assert.deepEqual(after.deferred, deferrable)
    },
  },
  {
    id: 'update-now',
    title: 'CLOUD 10 what would wait for the maintenance window is done now where it is asked for now',
    async run(harness) {
      const { deferrable } = harness.sample
      if (deferrable === undefined) return
      const before = await make(harness, 'one')
      const { observation, deferred } = await update(harness, { ...expecting(before, deferrable), key: 'update' })
      assert.ok(observation)
      assert.deepEqual(deferred, {})
      assert.deepEqual(valuesOf(observation, deferrable), deferrable)
    },
  },
  {
    id: 'immutable-refused',
    title: 'CLOUD 11 a property that cannot be changed is refused, never replaced for',
    async run(harness) {
      const { immutable, kind } = harness.sample
      if (immutable === undefined) return
      const before = await make(harness, 'one')
      for (const property of Object.keys(immutable)) {
        assert.equal(harness.provider.capabilities(kind)?.impact[property], 'replace', `impact of ${property}`)
      }
      await refused('cloud-refused', () => update(harness, { ...expecting(before, immutable), key: 'update' }))
      assert.deepEqual(steadyValues(await read(harness, before.ref)), steadyValues(before))
    },
  },
]

function expecting(before: ResourceObservation, changes: Properties): Omit<Update, 'key'> {
  return { ref: before.ref, changes, expected: valuesOf(before, changes) }
}

function update(
  harness: CloudProviderHarness,
  { key, ...request }: Update,
  when: 'now' | 'maintenance-window' = 'now',
): Promise<Completed> {
  return finish(harness.provider.update({ ...request, kind: harness.sample.kind, when }, { idempotencyKey: key }))
}
