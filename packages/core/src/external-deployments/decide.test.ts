import { scenario } from '@infraledger/testkit'
import type { Given } from '@infraledger/testkit'
import { describe, expect, test } from 'vitest'
import { user } from '../access/actor.ts'
import { decide } from '../environment/decide.ts'
import { loadState, saveState } from '../environment/snapshot.ts'
import { evolve } from '../environment/state.ts'
import { stampEvents } from '../environment/stamp.ts'
import { graphDraft } from '../graph/build.ts'
import { importing, thing } from '../graph/import.fixture.ts'
import { checkGraphChange } from '../graph/invariants.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import type { ExternalDeploymentCommandOf } from './commands.ts'
import { outstanding } from './outstanding.ts'

const DIGEST = 'a'.repeat(64)
const [ada, grace] = [{ by: user('ada') }, { by: user('grace') }]
const kinds = kindCatalogue(standardKinds)

const proposing: ExternalDeploymentCommandOf<'propose-external'> = {
  type: 'propose-external',
  deployment: 'x1',
  trigger: { type: 'git-push', commit: 'c1', ref: 'main', pusher: 'ada' },
  plan: {
    tool: { name: 'terraform' },
    name: 'plan.json',
    digest: DIGEST,
    complete: true,
    drifted: 0,
    changes: [
      {
        address: 'aws_s3_bucket.a',
        action: 'update',
        kind: 'bucket',
        key: 'a',
        properties: [{ property: 'versioning', before: false, after: true }],
        unknown: ['provider.etag'],
      },
      { address: 'aws_s3_bucket.b', action: 'remove', kind: 'bucket', key: 'b', properties: [], unknown: [] },
      {
        address: 'aws_s3_bucket.c',
        action: 'create',
        kind: 'bucket',
        key: 'c',
        properties: [{ property: 'versioning', after: true }],
        unknown: [],
      },
    ],
  },
}

/** Two buckets of a state; production asks for one approval. */
function estate(): Given {
  const name = 'prod'
  const input = { name, type: 'production' as const, clouds: [], approvals: { required: 1 }, drift: [] }
  return scenario()
    .and(decide, { type: 'create-environment', input }, ada)
    .and(decide, { type: 'grant-role', subject: 'grace', role: 'admin' }, ada)
    .and(decide, importing([thing('a', { versioning: false }), thing('b')], { serial: 1 }), ada)
}

const after = importing([thing('a', { versioning: true, 'provider.etag': '7' }), thing('c', { versioning: true })], {
  serial: 2,
})
const cause = { type: 'external-deployment', deployment: 'x1' }

describe('external deployments', () => {
  test('EXTERNAL 9, EXTERNAL 12: what an import finds as announced is its doing, and ends it', () => {
    estate()
      .and(decide, proposing, ada)
      .and(decide, { type: 'approve-external', deployment: 'x1', digest: DIGEST }, grace)
      .when(decide, after, ada)
      .then(
        { type: 'ImportStarted' },
        { type: 'NodeVersionRecorded', data: { node: 'bucket/a', set: { versioning: true, 'provider.etag': '7' } } },
        { type: 'NodeVersionRecorded', data: { node: 'bucket/c', ownership: 'observed' } },
        { type: 'NodeRetired', data: { node: 'bucket/b' } },
        { type: 'ImportCompleted', data: { recorded: 2, unchanged: 0, retired: 1 } },
      )
      .when(decide, { type: 'settle-external' })
      .then({ type: 'ExternalDeploymentApplied', data: { deployment: 'x1' } })
      .when(decide, { type: 'settle-external' })
      .thenNothing()
  })

  test('EXTERNAL 12: an open one goes on from a snapshot as if there had been none', () => {
    const story = estate().and(decide, proposing, ada)
    const saved = saveState(story.state)
    const state = loadState(saved ?? '')
    const known = state.externalDeployments.deployments.get('x1')
    if (known === undefined) throw new Error('it is lost')
    expect(outstanding(state, known, kinds)).toHaveLength(3)
    const { events } = story.when(decide, after, ada)
    const stamp = {
      actor: ada.by,
      recordedAt: '2026-02-01T00:00:00.000Z',
      correlationId: 'c',
      newId: () => 'e',
      firstRevision: 100,
    }
    for (const event of stampEvents(state, events, stamp)) evolve(state, event)
    expect(outstanding(state, known, kinds)).toEqual([])
    for (const node of ['bucket/a', 'bucket/b', 'bucket/c'] as const)
      expect(state.graph.nodes.get(node)?.versions.at(-1)?.cause).toMatchObject(cause)
    expect(known).toMatchObject({ credited: 3, approvedWhenApplied: false })
  })

  test('GRAPH 3, EXTERNAL 9: a version names an external deployment only while that is open, and was imported or observed', () => {
    const story = estate().and(decide, proposing, ada)
    const refusal = (named: object): string | undefined => {
      const draft = graphDraft(story.state, { type: 'external-deployment', deployment: 'x1', ...named })
      draft.nodeVersion('bucket/a', { set: { versioning: true } })
      return checkGraphChange(story.state, draft.events, kinds)?.code
    }
    expect(refusal({ observation: 'o1' })).toBeUndefined()
    for (const named of [{}, { observation: '' }, { import: 'i9' }, { deployment: 'x9', observation: 'o1' }])
      expect(refusal(named)).toBe('lineage-missing')
    const { events } = story
      .when(decide, { type: 'withdraw-external', deployment: 'x1', reason: 'planned anew' }, ada)
      .then({ type: 'ExternalDeploymentWithdrawn' })
      .when(decide, after, ada)
    expect(refusal({ observation: 'o1' })).toBe('lineage-missing')
    expect(JSON.stringify(events)).not.toContain('external-deployment')
  })
})
