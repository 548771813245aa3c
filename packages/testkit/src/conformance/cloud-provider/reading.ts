import assert from 'node:assert/strict'
import { refKey } from '@infraledger/core/adapter'
import { make, observe, read, steadyValues } from './driving.ts'
import type { CloudProviderCase, CloudProviderHarness } from './harness.ts'

/** Reading and listing. */
export const readingCases: readonly CloudProviderCase[] = [
  {
    id: 'one-list-each',
    title: 'CLOUD 17 each ref is in exactly one of found, missing and failed',
    async run(harness) {
      const { ref } = await make(harness, 'one')
      const { id, ...named } = ref
      const absent = { ...named, name: harness.name('absent') }
      assert.ok(id)
      const { found, missing, failed } = await observe(harness, [absent, ref])
      assert.deepEqual(
        found.map((observation) => observation.ref),
        [ref],
      )
      assert.deepEqual(missing, [absent])
      assert.deepEqual(failed, [])
    },
  },
  {
    id: 'read-by-name',
    title: 'CLOUD 17 a ref without the immutable id finds the resource of that name, and the answer has the id',
    async run(harness) {
      const { ref } = await make(harness, 'one')
      const { id, ...named } = ref
      assert.ok(id)
      assert.deepEqual((await read(harness, named)).ref, ref)
    },
  },
  {
    id: 'other-cloud',
    title: 'CLOUD 17 of a resource of another cloud it is never said that it is missing',
    async run(harness) {
      const { ref } = await make(harness, 'one')
      const { found, missing, failed } = await observe(harness, [{ ...ref, provider: 'elsewhere' }])
      assert.deepEqual([found, missing, failed.length], [[], [], 1])
    },
  },
  {
    id: 'observed-in-pages',
    title: 'CLOUD 18 a read of more than a page finds every resource once',
    async run(harness) {
      const keys = await makeMany(harness)
      const { found, missing, failed, pages } = await observe(
        harness,
        keys.map(({ ref }) => ref),
      )
      assert.deepEqual([missing, failed], [[], []])
      assert.deepEqual(found.map(({ ref }) => refKey(ref)).toSorted(), keys.map(({ key }) => key).toSorted())
      assert.ok(pages >= 1)
    },
  },
  {
    id: 'discovered-in-pages',
    title: 'CLOUD 18 a listing of more than a page finds every resource once, of the kinds that were asked for',
    async run(harness) {
      const keys = await makeMany(harness)
      const list = async (kinds: readonly string[]): Promise<string[]> => {
        const listed: string[] = []
        for await (const page of harness.provider.discover(harness.target, { kinds })) {
          assert.deepEqual(page.failed, [])
          listed.push(...page.found.map(({ ref }) => refKey(ref)))
        }
        return listed.toSorted()
      }
      assert.deepEqual(await list([harness.sample.kind]), keys.map(({ key }) => key).toSorted())
      assert.deepEqual(await list([]), [])
    },
  },
  {
    id: 'reads-agree',
    title: 'CLOUD 19 two readings of what nobody touched differ in volatile properties at most, and these are marked',
    async run(harness) {
      const { ref } = await make(harness, 'one')
      const first = await read(harness, ref)
      const second = await read(harness, ref)
      assert.deepEqual(steadyValues(second), steadyValues(first))
      for (const key of first.volatile)
        assert.ok(Object.hasOwn(first.properties, key), `${key} is marked and not there`)
    },
  },
]

async function makeMany(harness: CloudProviderHarness): Promise<{ ref: Parameters<typeof refKey>[0]; key: string }[]> {
  const made = await Promise.all(
    Array.from({ length: harness.moreThanAPage }, (_, index) => make(harness, `many-${index}`)),
  )
  return made.map(({ ref }) => ({ ref, key: refKey(ref) }))
}
