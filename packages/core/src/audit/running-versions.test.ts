import { scenario } from '@infraledger/testkit'
import type { Given } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import { loadState, saveState } from '../environment/snapshot.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { byDeployment, changed, drift, MAIN, triggered, valueOf } from './audit.fixture.ts'
import { runningVersions } from './running-versions.ts'

const kinds = kindCatalogue(standardKinds)
const SHOP = 'service/shop'
const DIGEST = `sha256:${'0a'.repeat(32)}`

function shop(): Given {
  const begun = scenario().given(triggered('d-1', 'c1'))
  begun.given(
    changed(begun, byDeployment('d-1'), { set: { image: 'shop:1', 'image.digest': DIGEST, replicas: 3 } }, SHOP),
  )
  begun.given(changed(begun, byDeployment('d-1'), { set: { engine: 'postgres', engineVersion: '16.4' } }))
  begun.given(triggered('d-2', 'c2', 'grace'))
  begun.given(changed(begun, byDeployment('d-2'), { set: { replicas: 5 } }, SHOP))
  return begun
}

test('COMPUTE 7: what ran is told with digest, replicas, deployment, commit, trigger and runtime, by what last changed the image', () => {
  const versions = valueOf(runningVersions(shop().state, 3, kinds))
  expect(versions).toMatchObject({
    graphVersion: 3,
    workloads: [
      {
        node: SHOP,
        image: 'shop:1',
        digest: DIGEST,
        pinned: false,
        running: [],
        replicas: 5,
        graphVersion: 1,
        effective: { certain: true },
        deployment: { id: 'd-1', commit: 'c1', trigger: { type: 'git-push', pusher: 'ada' } },
        runtime: { version: '1.2.3', baseImage: 'debian:13', pinned: true },
      },
    ],
    engines: [{ node: MAIN, engine: 'postgres', engineVersion: '16.4', deployment: { id: 'd-1' } }],
  })
  expect(valueOf(runningVersions(shop().state, 2, kinds)).workloads).toMatchObject([{ replicas: 3 }])
  expect(valueOf(runningVersions(shop().state, 0, kinds))).toMatchObject({ workloads: [], engines: [] })
})

test('COMPUTE 7: what was changed outside has no deployment, and what nobody told is null', () => {
  const story = shop()
  story.given(changed(story, drift, { set: { image: `shop@${DIGEST}` }, unset: ['image.digest', 'replicas'] }, SHOP))
  story.given(changed(story, drift, { set: { labels: 'none' } }, 'gateway/web'))
  const { workloads } = valueOf(runningVersions(story.state, 5, kinds))
  expect(workloads).toMatchObject([
    { node: 'gateway/web', image: null, digest: null, pinned: null, replicas: null, runtime: null },
    {
      node: SHOP,
      image: `shop@${DIGEST}`,
      digest: DIGEST,
      pinned: true,
      cause: { type: 'drift' },
      effective: { certain: false },
      drift: { attribution: 'unknown' },
      runtime: null,
    },
  ])
  expect(workloads[1]).not.toHaveProperty('deployment')
})

test('COMPUTE 7: while several images run there is no single one, and all are named', () => {
  const story = shop()
  story.given(
    changed(
      story,
      byDeployment('d-2'),
      { set: { 'image.running': ['shop:1', 'shop:2'] }, unset: ['image', 'image.digest'] },
      SHOP,
    ),
  )
  expect(valueOf(runningVersions(story.state, 4, kinds)).workloads).toMatchObject([
    { image: null, digest: null, pinned: null, running: ['shop:1', 'shop:2'], deployment: { id: 'd-2', commit: 'c2' } },
  ])
})

test('COMPUTE 7: a state that does not reach back says so instead of guessing', () => {
  const loaded = loadState(saveState(shop().state) ?? '')
  expect(runningVersions(loaded, 3, kinds)).toEqual({ type: 'not-loaded' })
})
