import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aliveVersion } from '../graph/state.ts'
import type { JsonValue, Properties } from '../json.ts'
import { decideDrift } from './decide.ts'
import { MAIN, observed, putOff, recorded, requested, seen } from './drift.fixture.ts'

const retention = fc.integer({ min: 0, max: 14 })
const tier = fc.constantFrom('small', 'large', 'huge')
const properties = fc.record(
  {
    tier,
    'backup.retentionDays': retention,
    'storage.gib': fc.constantFrom(50, 100, 200),
    engineVersion: fc.constantFrom('15', '15.4', '15.6', '16'),
    deletionProtection: fc.boolean(),
    'network.publicAccess': fc.boolean(),
    'labels["team"]': fc.constantFrom('core', 'web', null),
  },
  { requiredKeys: [] },
)
const some = (values: { [P in keyof Properties]?: JsonValue | undefined }): Properties => {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
}
const stories = fc.record({
  start: properties,
  wanted: fc.option(properties),
  deferred: fc.option(properties),
  managed: fc.boolean(),
  policies: fc.subarray([
    { property: 'network.publicAccess', decision: 'enforce', reason: 'private' },
    { property: 'tier', decision: 'ignore', reason: 'load test' },
  ] as const),
  observations: fc.array(
    fc.record({ values: properties, putOff: properties, settled: fc.boolean(), complete: fc.boolean() }),
    { maxLength: 6 },
  ),
})

function begin({
  start,
  wanted,
  deferred,
  managed,
  policies,
}: typeof stories extends fc.Arbitrary<infer S> ? S : never) {
  const setup = { ownership: managed ? 'managed' : 'observed', policies } as const
  const begun = recorded(withoutNull(some(start)), setup)
  if (wanted !== null && Object.keys(some(wanted)).length > 0) begun.given(requested('r1', some(wanted)))
  if (deferred !== null && Object.keys(some(deferred)).length > 0) begun.given(putOff(some(deferred)))
  return begun
}

const page = (o: { values: object; putOff: object; settled: boolean; complete: boolean }) =>
  observed(
    seen(some({ ...o.values }), {
      deferred: some({ ...o.putOff }),
      settled: o.settled,
      completeMaps: o.complete ? ['labels'] : [],
    }),
  )

test('DRIFT 11: after any story, the same observation again changes nothing', () => {
  fc.assert(
    fc.property(stories, (given) => {
      const story = begin(given)
      for (const observation of given.observations) {
        const told = page(observation)
        story.and(decideDrift, told)
        story.when(decideDrift, told).thenNothing()
        story.when(decideDrift, page(observation)).thenNothing()
      }
    }),
    { numRuns: 300 },
  )
})

test('DRIFT 4, 7: no observation ever records a value that a request or an enforcement holds back', () => {
  fc.assert(
    fc.property(stories, (given) => {
      const story = begin(given)
      for (const observation of given.observations) {
        const told = page(observation)
        const before = aliveVersion(story.state.graph, MAIN)?.properties ?? {}
        const held = new Set(story.state.changeRequests.pending.get(MAIN)?.keys())
        const { events } = story.when(decideDrift, told)
        for (const event of events) {
          if (event.type !== 'NodeVersionRecorded' || event.data.cause.type !== 'drift') continue
          for (const property of Object.keys(event.data.set)) {
            // Growth beyond a request ends the request; nothing else passes one.
            if (property !== 'storage.gib') expect(held.has(property)).toBe(false)
            const enforced =
              given.managed && given.policies.some((rule) => rule.decision === 'enforce' && rule.property === property)
            if (before[property] !== undefined) expect(enforced).toBe(false)
          }
        }
        story.and(decideDrift, told)
      }
    }),
    { numRuns: 300 },
  )
})

test('DRIFT 3: what stands open differs from the record, and what does not stand open is the record', () => {
  fc.assert(
    fc.property(stories, (given) => {
      const story = begin(given)
      for (const observation of given.observations) {
        story.and(decideDrift, page(observation))
        if (!observation.settled) continue
        const now = aliveVersion(story.state.graph, MAIN)?.properties ?? {}
        for (const [property, value] of Object.entries(some(observation.values))) {
          const standing = story.state.drift.open.get(MAIN)?.get(property)
          if (standing !== undefined) expect(standing.observed ?? null).toEqual(value)
          // A recorded version prefix is met by what lies within it.
          else if (property === 'engineVersion')
            expect(JSON.stringify(value).startsWith(JSON.stringify(now[property]).slice(0, -1))).toBe(true)
          else expect(now[property] ?? null).toEqual(value)
        }
      }
    }),
    { numRuns: 300 },
  )
})

function withoutNull(values: Properties): Properties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}
