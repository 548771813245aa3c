import assert from 'node:assert/strict'
import { isLedgerError } from '@infraledger/core/adapter'
import type { ProviderRef } from '@infraledger/core/adapter'
import { refused } from '../event-store/assertions.ts'
import { finish, make, observe, read } from './driving.ts'
import type { Completed } from './driving.ts'
import type { CloudProviderCase, CloudProviderHarness } from './harness.ts'

/** Removing resources, and their last copies. */
export const removingCases: readonly CloudProviderCase[] = [
  {
    id: 'removed',
    title: 'CLOUD 12 a removal is completed with no resource, and reads report it as missing',
    async run(harness) {
      const { ref } = await make(harness, 'one')
      const { observation } = await remove(harness, ref, 'remove')
      assert.equal(observation, null)
      assert.deepEqual((await observe(harness, [ref])).missing, [ref])
    },
  },
  {
    id: 'removed-once',
    title: 'CLOUD 12 a removal under the same key again answers as the first time',
    async run(harness) {
      const { ref } = await make(harness, 'one')
      await remove(harness, ref, 'remove')
      assert.equal((await remove(harness, ref, 'remove')).observation, null)
    },
  },
  {
    id: 'removal-names-id',
    title: 'CLOUD 13 a removal without the immutable id is refused and removes nothing',
    async run(harness) {
      const { ref } = await make(harness, 'one')
      const { id, ...named } = ref
      assert.ok(id)
      await refused('cloud-refused', () => remove(harness, named, 'remove'))
      assert.deepEqual((await read(harness, ref)).ref, ref)
    },
  },
  {
    id: 'name-reused',
    title:
      'CLOUD 14 behind a reused name is another resource: the old ref is missing, and its removal leaves the new one alone',
    async run(harness) {
      const old = await make(harness, 'one')
      await remove(harness, old.ref, 'remove old')
      const { provider, sample, target, name } = harness
      const request = { target, kind: sample.kind, name: name('one'), properties: sample.properties, dependencies: [] }
      const { observation: made } = await finish(provider.create(request, { idempotencyKey: 'create anew' }))
      assert.ok(made)
      assert.notEqual(made.ref.id, old.ref.id)
      // A late duplicate: whether it is answered or refused, it does nothing.
      await remove(harness, old.ref, 'remove late').catch(() => undefined)
      const { found, missing } = await observe(harness, [old.ref, made.ref])
      assert.deepEqual(missing, [old.ref])
      assert.deepEqual(
        found.map(({ ref }) => ref),
        [made.ref],
      )
    },
  },
  {
    id: 'protected',
    title: 'CLOUD 15 what the provider protects is not removed',
    async run(harness) {
      const { protection } = harness.sample
      if (protection === undefined) return
      const { ref } = await make(harness, 'one', protection)
      await refused('cloud-refused', () => remove(harness, ref, 'remove'))
      assert.equal((await read(harness, ref)).settled, true)
    },
  },
  {
    id: 'snapshot-outlives',
    title: 'CLOUD 16 a snapshot is taken once for its name, and is there when its source is gone',
    async run(harness) {
      const { sample, provider, name } = harness
      if (!sample.copies) return
      const { ref } = await make(harness, 'one')
      const request = { ref, kind: sample.kind, name: name('copy') }
      const take = (idempotencyKey: string): Promise<unknown> => provider.snapshot(request, { idempotencyKey })
      await take('copy')
      await removeWhenIdle(harness, ref)
      assert.deepEqual(await take('copy again'), { name: request.name, status: 'available' })
    },
  },
]

function remove({ provider, sample }: CloudProviderHarness, ref: ProviderRef, key: string): Promise<Completed> {
  const request = { ref, kind: sample.kind, removeAutomatedBackups: true }
  return finish(provider.remove(request, { idempotencyKey: key }))
}

/** While the copy is taken, a provider may ask to come back later. */
const ATTEMPTS = 100

async function removeWhenIdle(harness: CloudProviderHarness, ref: ProviderRef): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const removed = await remove(harness, ref, 'remove').catch((error: unknown) => error)
    if (!(removed instanceof Error)) return
    if (!isLedgerError(removed, 'cloud-retryable')) throw removed
    await harness.pause(removed.details.retryAfterMs ?? 1_000)
  }
}
