import { expect, test } from 'vitest'
import { graphDraft } from './build.ts'
import type { Cause } from './cause.ts'
import { ledger, REPAIR, viewAt } from './graph.fixture.ts'

const drift: Cause = { type: 'drift', observation: 'o1' }

test('GRAPH 2 | a draft drops what is so already and issues nothing for identical content', () => {
  const { state } = ledger().change((draft) =>
    draft.nodeVersion('bucket/images', { set: { versioning: true, location: 'eu' } }),
  )
  const draft = graphDraft(state, REPAIR)
  expect(
    draft.nodeVersion('bucket/images', { set: { versioning: true, location: 'eu' }, unset: ['labels["x"]'] }),
  ).toBeUndefined()
  const event = draft.nodeVersion('bucket/images', { set: { versioning: false, location: 'eu' } })
  expect(event?.data).toMatchObject({ version: 2, incarnation: 1, set: { versioning: false }, unset: [] })
  expect(draft.nodeVersion('bucket/images', { set: { versioning: false } })).toBeUndefined()
  expect(draft.events).toHaveLength(1)
})

test('GRAPH 2 | a property that is set and unset at once is set, and unset counts only where it is there', () => {
  const { state } = ledger().change((draft) => draft.nodeVersion('bucket/images', { set: { versioning: true } }))
  const draft = graphDraft(state, REPAIR)
  expect(
    draft.nodeVersion('bucket/images', { set: { versioning: false }, unset: ['versioning', 'location'] })?.data,
  ).toMatchObject({
    set: { versioning: false },
    unset: [],
  })
  expect(draft.nodeVersion('bucket/images', { unset: ['versioning'] })?.data).toMatchObject({
    version: 3,
    unset: ['versioning'],
  })
  expect(draft.properties('bucket/images')).toEqual({})
})

test('GRAPH 2 | a handle that tells nothing new mints no version, one that does is recorded', () => {
  const ref = { provider: 'aws', type: 'bucket', name: 'images', account: '1', region: 'eu', id: 'b-1' }
  const { state } = ledger().change((draft) => draft.nodeVersion('bucket/images', { ref }))
  const draft = graphDraft(state, REPAIR)
  expect(
    draft.nodeVersion('bucket/images', { ref: { provider: 'aws', type: 'bucket', name: 'images' } }),
  ).toBeUndefined()
  expect(draft.nodeVersion('bucket/images', { ref: { ...ref, id: 'b-2' } })?.data.ref?.id).toBe('b-2')
})

test('GRAPH 4 | retiring a node retires its edges first, also those drafted just before', () => {
  const draft = graphDraft(ledger().state, REPAIR)
  draft.nodeVersion('service/shop', {})
  draft.nodeVersion('bucket/images', {})
  draft.edgeVersion('uses', 'service/shop', 'bucket/images', { attributes: { operations: ['read'] } })
  draft.retireNode('bucket/images', 'removed')
  expect(draft.events.map(({ type }) => type)).toEqual([
    'NodeVersionRecorded',
    'NodeVersionRecorded',
    'EdgeVersionRecorded',
    'EdgeRetired',
    'NodeRetired',
  ])
  expect(draft.isEdgeAlive('uses:service/shop->bucket/images')).toBe(false)
  expect(draft.isAlive('bucket/images')).toBe(false)
  expect(draft.retireNode('bucket/images', 'removed')).toBeUndefined()
})

test('GRAPH 6 | re-creation continues version numbers with a new incarnation, also in one append', () => {
  const told = ledger()
    .change((draft) => draft.nodeVersion('bucket/images', { set: { versioning: true }, ownership: 'managed' }))
    .change((draft) => {
      draft.retireNode('bucket/images', 'replaced')
      draft.nodeVersion('bucket/images', { set: { location: 'eu' } })
    })
  expect(viewAt(told.state).node('bucket/images')).toMatchObject({
    version: 3,
    incarnation: 2,
    graphVersion: 2,
    properties: { location: 'eu' },
    ownership: 'observed',
  })
})

test('GRAPH 3 | a draft without a cause is a defect; each change may name its own cause and time', () => {
  const draft = graphDraft(ledger().state)
  expect(() => draft.nodeVersion('bucket/images', {})).toThrow(/without a cause/)
  const event = draft.nodeVersion('bucket/images', { cause: drift, effectiveAt: '2026-01-01T00:00:00.000Z' })
  expect(event).toMatchObject({ data: { cause: drift }, effectiveAt: '2026-01-01T00:00:00.000Z' })
})

test('an edge is drafted once: again only with other attributes', () => {
  const draft = graphDraft(ledger().state, REPAIR)
  draft.nodeVersion('service/shop', {})
  draft.nodeVersion('bucket/images', {})
  expect(draft.edgeVersion('uses', 'service/shop', 'bucket/images')?.data.version).toBe(1)
  expect(draft.edgeVersion('uses', 'service/shop', 'bucket/images')).toBeUndefined()
  expect(
    draft.edgeVersion('uses', 'service/shop', 'bucket/images', { attributes: { operations: ['read'] } })?.data.version,
  ).toBe(2)
  expect(draft.retireEdge('uses:service/shop->bucket/images')?.data.version).toBe(3)
  expect(draft.retireEdge('uses:service/shop->bucket/images')).toBeUndefined()
})
