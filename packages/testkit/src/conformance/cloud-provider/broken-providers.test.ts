import type { CloudProvider, ObservationPage } from '@infraledger/core/adapter'
import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../clock/virtual-clock.ts'
import { fakeCloud } from '../../fake-cloud/fake-cloud.ts'
import { cloudProviderCases } from './cases.ts'
import type { CloudProviderHarness } from './harness.ts'

/** Ways to get it wrong, with the case that must notice. */
const broken: Readonly<Record<string, (good: CloudProvider) => Partial<CloudProvider>>> = {
  'created-once': (good) => {
    let calls = 0
    return { create: (request) => good.create(request, { idempotencyKey: `${(calls += 1)}` }) }
  },
  'compare-and-set': (good) => ({ update: (request, options) => good.update({ ...request, expected: {} }, options) }),
  'updated-once': (good) => {
    let calls = 0
    return {
      update: (request) => good.update({ ...request, expected: {} }, { idempotencyKey: `${(calls += 1)}` }),
    }
  },
  'name-reused': (good) => ({
    async *remove(request, options) {
      const { id: _, ...named } = request.ref
      for await (const page of good.observe([named])) {
        for (const { ref } of page.found) yield* good.remove({ ...request, ref }, options)
      }
    },
  }),
  'one-list-each': (good) => ({ observe: (refs) => pages(good.observe(refs), (page) => ({ ...page, missing: [] })) }),
  'observed-in-pages': (good) => ({ observe: (refs) => good.observe(refs.slice(0, 2)) }),
  'discovered-in-pages': (good) => ({
    async *discover(target, options) {
      for await (const page of good.discover(target, options)) {
        yield page
        return
      }
    },
  }),
  'reads-agree': (good) => {
    let reads = 0
    const churn = (page: ObservationPage): ObservationPage => ({
      ...page,
      found: page.found.map((found) => ({
        ...found,
        properties: { ...found.properties, 'provider.version': (reads += 1) },
      })),
    })
    return { observe: (refs) => pages(good.observe(refs), churn) }
  },
  'update-deferred': (good) => ({ update: (request, options) => good.update({ ...request, when: 'now' }, options) }),
}

describe('the conformance suite of cloud providers', () => {
  it.each(Object.keys(broken))('notices a provider that breaks "%s"', async (id) => {
    const found = cloudProviderCases.find((testCase) => testCase.id === id)
    const harness = harnessOf(broken[id] ?? (() => ({})))
    await expect(found?.run(harness)).rejects.toThrow()
    await harness.cleanup()
  })
})

async function* pages(
  reading: AsyncIterable<ObservationPage>,
  change: (page: ObservationPage) => ObservationPage,
): AsyncGenerator<ObservationPage> {
  for await (const page of reading) yield change(page)
}

function harnessOf(breaks: (good: CloudProvider) => Partial<CloudProvider>): CloudProviderHarness {
  const clock = virtualClock({ autoAdvance: true })
  const { provider, target } = fakeCloud({ clock, pageSize: 2 })
  return {
    provider: { ...provider, ...breaks(provider) },
    target,
    sample: {
      kind: 'sql-instance',
      properties: { tier: 'small' },
      change: { 'backup.retentionDays': 14 },
      deferrable: { tier: 'large' },
      copies: true,
    },
    moreThanAPage: 5,
    name: (hint) => hint,
    pause: (milliseconds) => clock.sleep(milliseconds),
    cleanup: async () => clock.autoAdvance(false),
  }
}
