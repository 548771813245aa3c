import { expect, test } from 'vitest'
import type { ComputePlatform, WorkloadObservation } from './compute-platform.ts'
import { observationOf, readPage, readUpdate } from './platform-answer.ts'

const DIGEST = `sha256:${'0a'.repeat(32)}`
const workload: WorkloadObservation = {
  ref: { provider: 'runner', account: 'main', region: 'here', type: 'service', name: 'shop', id: 'u-1' },
  kind: 'service',
  state: 'steady',
  running: [{ image: 'shop:1', digest: DIGEST, replicas: 2, ready: 1 }],
  desired: null,
  settings: { 'environment["A"]': 'b' },
  completeMaps: ['environment'],
}
const nothing = async function* (): AsyncGenerator<never> {
  // It is never asked.
}
const runner: ComputePlatform = {
  name: 'runner',
  kinds: ['service'],
  rollOut: nothing,
  observe: nothing,
  discover: nothing,
  remove: nothing,
}

test('COMPUTE 2: one image for all replicas is told with its digest; counts are volatile', () => {
  expect(observationOf(workload)).toMatchObject({
    properties: {
      image: 'shop:1',
      'image.digest': DIGEST,
      'image.running': null,
      'environment["A"]': 'b',
      'provider.readyReplicas': 1,
      'provider.desiredReplicas': null,
    },
    volatile: ['provider.readyReplicas', 'provider.desiredReplicas'],
    settled: true,
  })
})

test('COMPUTE 2: a digest that the platform cannot tell is not looked at', () => {
  const untold = observationOf({ ...workload, running: [{ image: 'shop:1', digest: null, replicas: 2, ready: 2 }] })
  expect(untold.properties).not.toHaveProperty(['image.digest'])
  expect(untold.alwaysTold).not.toContain('image.digest')
})

test('COMPUTE 3: a workload under way is not settled, one that stopped halfway has no single image, were it the only one', () => {
  expect(observationOf({ ...workload, state: 'rolling-out' }).settled).toBe(false)
  expect(observationOf({ ...workload, state: 'stopped-halfway', reason: 'crash loop' })).toMatchObject({
    properties: { image: null, 'image.digest': null, 'image.running': [`shop:1@${DIGEST}`] },
    failure: 'crash loop',
    settled: true,
  })
})

test.each([
  ['a field too many', { ...workload, colour: 'red' }, 'colour'],
  ['a workload of another platform', { ...workload, ref: { ...workload.ref, provider: 'other' } }, 'other'],
  [
    'more ready than there are',
    { ...workload, running: [{ image: 'a', digest: null, replicas: 1, ready: 2 }] },
    'ready',
  ],
  ['half a digest', { ...workload, running: [{ image: 'a', digest: 'sha256:1', replicas: 1, ready: 1 }] }, 'digest'],
  [
    'another digest than was asked for',
    { ...workload, running: [{ image: `a@sha256:${'0b'.repeat(32)}`, digest: DIGEST, replicas: 1, ready: 1 }] },
    'not the one',
  ],
  ['the image as a setting', { ...workload, settings: { image: 'a' } }, 'image'],
  ['a negative number', { ...workload, desired: -1 }, 'desired'],
  ['nothing', null, 'object'],
])('COMPUTE 6: %s is nonsense, in an update and in a page', (_, answer, problem) => {
  expect(readUpdate(runner, 'service', { type: 'completed', workload: answer ?? undefined })).toMatchObject({
    type: 'nonsense',
  })
  if (answer === null) return
  const { found, failed } = readPage(runner, { found: [answer], missing: [], failed: [] })
  expect(found).toEqual([])
  expect(failed[0]?.reason).toContain(problem)
})

test('COMPUTE 6: a page is what it is, and an update of another kind is nonsense', () => {
  const reason = 'no access'
  expect(readPage(runner, { found: [workload], missing: [], failed: [{ reason }] })).toMatchObject({
    found: [{ ref: workload.ref }],
    failed: [{ reason }],
  })
  expect(readUpdate(runner, 'gateway', { type: 'completed', workload })).toMatchObject({ type: 'nonsense' })
  expect(readUpdate(runner, 'service', { type: 'finished' })).toMatchObject({ type: 'nonsense' })
  expect(readUpdate(runner, 'service', { type: 'completed', workload })).toMatchObject({ type: 'understood' })
})
