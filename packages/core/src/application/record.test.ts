import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scenario } from '@infraledger/testkit'
import type { Given } from '@infraledger/testkit'
import type { NodeId } from '../graph/ids.ts'
import { applicationModel } from './model.ts'
import type { ApplicationModelInput } from './model-input.ts'
import { modelEvents, PART_LIMITS } from './record.ts'
import type { Model } from './state.ts'

const needs = (...ids: NodeId[]): Model => applicationModel({ commit: 'c', services: [], needs: ids })
const buckets = (count: number, note = ''): Model =>
  applicationModel({
    services: [],
    needs: Array.from({ length: count }, (_, index) => ({
      node: `bucket/b${index}`,
      properties: { 'labels["note"]': note },
    })),
  })

function record(story: Given, model: Model): readonly ReturnType<typeof modelEvents>[number][] {
  const events = modelEvents(story.state.application, model)
  // One append each: a fold that relies on one append for all parts would not pass.
  for (const event of events) story.given(event)
  return events
}

const latest = (story: Given): Model | undefined =>
  story.state.application.models.get(story.state.application.latest ?? '')

describe('recording a model', () => {
  test('the first is recorded whole, and read back as it was', () => {
    const [story, model] = [scenario(), needs('bucket/a', 'bucket/b')]
    expect(record(story, model)).toMatchObject([{ data: { base: null, part: 1, parts: 1, withdrawn: [] } }])
    expect(latest(story)).toEqual(model)
  })

  test('the next costs what changed', () => {
    const [story, first, second] = [scenario(), needs('bucket/a', 'bucket/b'), needs('bucket/b', 'bucket/c')]
    record(story, first)
    expect(record(story, second)).toMatchObject([
      { data: { base: first.digest, declared: [{ node: 'bucket/c' }], withdrawn: ['bucket/a'] } },
    ])
    expect(latest(story)).toEqual(second)
  })

  test('the same again records nothing; an empty one is recorded too', () => {
    const story = scenario()
    expect(record(story, needs())).toHaveLength(1)
    expect(record(story, needs())).toEqual([])
    expect(latest(story)?.declarations.size).toBe(0)
  })

  test('a known one that is not the last becomes the last at the cost of one small event, and is not forgotten', () => {
    const [story, first, second] = [scenario(), needs('bucket/a'), needs('bucket/b')]
    record(story, first)
    const trigger = { type: 'git-push', commit: 'c', ref: 'main', pusher: 'ada' } as const
    story.given({
      type: 'DeploymentTriggered',
      data: { deployment: 'd1', trigger, commit: 'c', model: first.digest, requests: 'due', createNeeds: [] },
    })
    record(story, second)
    expect(record(story, first)).toMatchObject([
      { data: { base: first.digest, declared: [], withdrawn: [], parts: 1 } },
    ])
    story.given({ type: 'DeploymentFailed', data: { deployment: 'd1', reason: 'x' } })
    expect(latest(story)).toEqual(first)
  })

  test('the model read back has the order of the one that was given', () => {
    const story = scenario()
    record(story, needs('bucket/b', 'bucket/d'))
    record(story, needs('bucket/a', 'bucket/c', 'bucket/d'))
    expect([...(latest(story)?.declarations.keys() ?? [])]).toEqual(['bucket/a', 'bucket/c', 'bucket/d'])
  })
})

describe('a model in parts', () => {
  test('each part holds at most 400 declarations and 400 KiB', () => {
    const [story, many, large] = [scenario(), buckets(1_000), buckets(900, 'x'.repeat(2_000))]
    expect(record(story, many).map(({ data }) => data.declared.length)).toEqual([400, 400, 200])
    const parts = record(story, large)
    for (const { data } of parts)
      expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(PART_LIMITS.bytes + 1_024)
    expect(parts.length).toBeGreaterThan(4)
    expect(latest(story)).toEqual(large)
    expect(record(story, needs('bucket/z')).flatMap(({ data }) => data.withdrawn)).toHaveLength(900)
  })

  test('is not there before its last part, and goes on where it stopped when it is decided again', () => {
    const [story, first, model] = [scenario(), buckets(3), buckets(1_000, 'new')]
    record(story, first)
    const [part] = modelEvents(story.state.application, model)
    if (part !== undefined) story.given(part)
    expect(latest(story)).toEqual(first)
    expect(record(story, model).map(({ data }) => data.part)).toEqual([2, 3])
    expect(latest(story)).toEqual(model)
  })

  test('begins anew when another model came in between', () => {
    const [story, model] = [scenario(), buckets(1_000, 'new')]
    const [part] = modelEvents(story.state.application, model)
    if (part !== undefined) story.given(part)
    record(story, needs('bucket/z'))
    expect(record(story, model).map(({ data }) => data.part)).toEqual([1, 2, 3])
    expect(latest(story)).toEqual(model)
  })
})

test('any series of models is read back as it was recorded', () => {
  const key = fc.integer({ min: 0, max: 9 })
  const model = fc
    .uniqueArray(fc.record({ key, note: fc.string({ maxLength: 3 }) }), { selector: (need) => need.key })
    .map((wanted): ApplicationModelInput => ({
      services: [],
      needs: wanted.map((need) => ({ node: `bucket/${need.key}`, properties: { 'labels["note"]': need.note } })),
    }))
  fc.assert(
    fc.property(fc.array(model, { maxLength: 6 }), (inputs) => {
      const story = scenario()
      for (const input of inputs) {
        const built = applicationModel(input)
        record(story, built)
        expect(latest(story)?.digest).toBe(built.digest)
        expect([...(latest(story)?.declarations ?? [])]).toEqual([...built.declarations])
      }
    }),
  )
})
