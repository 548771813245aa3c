import assert from 'node:assert/strict'
import type { CreateRequest, ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import { refused } from '../event-store/assertions.ts'
import { finish, read } from './driving.ts'
import type { CloudProviderCase, CloudProviderHarness } from './harness.ts'

/** Grants, where the provider makes any. */
export const grantingCases: readonly CloudProviderCase[] = [
  {
    id: 'granted-as-asked',
    title: 'CLOUD 30 a grant has the operations that were asked for, as a set, and tells whose it is',
    async run(harness) {
      if (harness.grants === undefined) return
      const { operations } = harness.grants
      const identity = await makeIdentity(harness)
      const { observation } = await finish(grant(harness, identity, operations))
      assert.ok(observation)
      for (const told of [observation, await read(harness, observation.ref)]) {
        assert.deepEqual(granted(told), operations.toSorted())
        const whose = told.dependencies?.filter(({ kind }) => kind === 'identity').map(({ ref }) => ref.name)
        assert.deepEqual(whose, [identity.name])
      }
    },
  },
  {
    id: 'unknown-operation-refused',
    title: 'CLOUD 30 a grant with an operation that the provider does not know is refused, and nothing is granted',
    async run(harness) {
      if (harness.grants === undefined) return
      const { operations, unknown } = harness.grants
      const identity = await makeIdentity(harness)
      await refused('cloud-refused', () => finish(grant(harness, identity, [...operations, unknown])))
      for await (const { found } of harness.provider.discover(harness.target, { kinds: ['grant'] }))
        assert.deepEqual(
          found.map(({ ref }) => ref.name),
          [],
        )
    },
  },
  {
    id: 'unknown-operation-not-added',
    title: 'CLOUD 30 an operation that the provider does not know is not added, and the grant stays as it was',
    async run(harness) {
      if (harness.grants === undefined) return
      const { operations, unknown } = harness.grants
      const identity = await makeIdentity(harness)
      const { observation } = await finish(grant(harness, identity, operations))
      assert.ok(observation)
      const { ref } = observation
      const update = {
        ref,
        kind: 'grant',
        changes: { operations: [...operations, unknown] },
        expected: { operations: [...operations] },
        when: 'now',
      } as const
      await refused('cloud-refused', () => finish(harness.provider.update(update, { idempotencyKey: 'widen' })))
      assert.deepEqual(granted(await read(harness, ref)), operations.toSorted())
    },
  },
  {
    id: 'granted-less',
    title: 'CLOUD 30 an operation is taken away, whatever order the expected ones are named in',
    async run(harness) {
      if (harness.grants === undefined) return
      const { operations } = harness.grants
      const identity = await makeIdentity(harness)
      const { observation } = await finish(grant(harness, identity, operations))
      assert.ok(observation)
      const update = {
        ref: observation.ref,
        kind: 'grant',
        changes: { operations: operations.slice(1) },
        expected: { operations: operations.toReversed() },
        when: 'now',
      } as const
      await finish(harness.provider.update(update, { idempotencyKey: 'narrow' }))
      assert.deepEqual(granted(await read(harness, observation.ref)), operations.slice(1).toSorted())
    },
  },
]

async function makeIdentity({ provider, target, name }: CloudProviderHarness): Promise<ProviderRef> {
  const request: CreateRequest = { target, kind: 'identity', name: name('who'), properties: {}, dependencies: [] }
  const { observation } = await finish(provider.create(request, { idempotencyKey: 'create who' }))
  assert.ok(observation, 'a creation is completed with the resource')
  return observation.ref
}

function grant(
  { provider, target, name }: CloudProviderHarness,
  identity: ProviderRef,
  operations: readonly string[],
): ReturnType<CloudProviderHarness['provider']['create']> {
  const dependencies = [{ kind: 'identity', ref: identity }]
  const request = {
    target,
    kind: 'grant',
    name: name('may'),
    properties: { operations: [...operations] },
    dependencies,
  }
  return provider.create(request, { idempotencyKey: 'create may' })
}

function granted({ properties: { operations } }: ResourceObservation): readonly string[] {
  return Array.isArray(operations) ? operations.map(String).toSorted() : []
}
