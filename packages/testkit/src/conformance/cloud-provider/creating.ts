import assert from 'node:assert/strict'
import { refused } from '../event-store/assertions.ts'
import { creation, finish, make, read, steadyValues, valuesOf } from './driving.ts'
import type { CloudProviderCase } from './harness.ts'

/** Making resources. */
export const creatingCases: readonly CloudProviderCase[] = [
  {
    id: 'created-as-asked',
    title: 'CLOUD 1 a creation is completed with the resource as it was asked for, settled, and reads say the same',
    async run(harness) {
      const { sample, target, provider } = harness
      const made = await make(harness, 'one')
      assert.equal(made.kind, sample.kind)
      assert.equal(made.settled, true)
      assert.deepEqual(valuesOf(made, sample.properties), sample.properties)
      const { provider: cloud, account, region, type, name, id } = made.ref
      assert.deepEqual({ provider: cloud, account, region }, target)
      assert.equal(name, harness.name('one'))
      assert.equal(type, provider.capabilities(sample.kind)?.refType)
      assert.ok(id, 'the ref has the immutable id')
      assert.deepEqual(steadyValues(await read(harness, made.ref)), steadyValues(made))
    },
  },
  {
    id: 'created-once',
    title: 'CLOUD 2 a creation under the same key again answers for the same resource',
    async run(harness) {
      const first = await make(harness, 'one')
      const second = await make(harness, 'one')
      assert.deepEqual(second.ref, first.ref)
    },
  },
  {
    id: 'creation-resumed',
    title: 'CLOUD 3 a creation that nobody waited for is resumed under its key, and one resource comes of it',
    async run(harness) {
      const request = creation(harness, 'one')
      const options = { idempotencyKey: 'create one' }
      for await (const update of harness.provider.create(request, options)) if (update.type === 'progress') break
      const { observation } = await finish(harness.provider.create(request, options))
      assert.ok(observation)
      assert.deepEqual(valuesOf(observation, harness.sample.properties), harness.sample.properties)
    },
  },
  {
    id: 'creation-aborted',
    title: 'CLOUD 3 aborting ends the waiting without an outcome, and the same key finds the operation again',
    async run(harness) {
      const request = creation(harness, 'one')
      const abort = new AbortController()
      const options = { idempotencyKey: 'create one' }
      for await (const update of harness.provider.create(request, { ...options, signal: abort.signal })) {
        if (update.type === 'completed') return
        abort.abort()
      }
      const { observation } = await finish(harness.provider.create(request, options))
      assert.equal(observation?.ref.name, request.name)
    },
  },
  {
    id: 'creation-key-kept',
    title: 'CLOUD 4 a resource that keeps the key of its creation keeps the right one',
    async run(harness) {
      const { idempotencyKey } = await make(harness, 'one')
      if (idempotencyKey !== undefined) assert.equal(idempotencyKey, 'create one')
    },
  },
  {
    id: 'name-taken',
    title: 'CLOUD 5 a creation under another key is refused where the name is taken, and leaves what is there alone',
    async run(harness) {
      const first = await make(harness, 'one')
      const request = creation(harness, 'one', harness.sample.change)
      await refused('cloud-refused', () => finish(harness.provider.create(request, { idempotencyKey: 'another' })))
      assert.deepEqual(steadyValues(await read(harness, first.ref)), steadyValues(first))
    },
  },
]
