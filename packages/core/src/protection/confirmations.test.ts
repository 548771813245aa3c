import { describe, expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import { apiClient, system, user } from '../access/actor.ts'
import { byRoles } from '../access/by-roles.fixture.ts'
import { decide } from '../environment/decide.ts'
import type { ImportedNode } from '../graph/imported-graph.ts'
import type { NodeId } from '../graph/ids.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { capabilities, made, recordModel } from '../planning/planning.fixture.ts'
import { confirmed, imported, shop } from './protection.fixture.ts'
import { removalVerdict, removalVerdicts } from './removable.ts'
import { voidedConfirmation } from './void.ts'

const old = 'sql-instance/old' as const
const trigger = { type: 'git-push', commit: 'c2', ref: 'main', pusher: 'ada' } as const
const context = { kinds: kindCatalogue(standardKinds), capabilities }

const begin = (): Given => shop().given(confirmed(old))
const holds = (story: Given, node: NodeId = old): boolean => story.state.protection.confirmations.has(node)
const verdict = (story: Given, node: NodeId) => removalVerdict(story.state, node, context)

const triggering = (story: Given, needs: readonly NodeId[]) => ({
  type: 'trigger-deployment' as const,
  deployment: 'd2',
  trigger,
  model: recordModel(story, { services: [], needs: [...needs] }).digest,
  requests: 'none' as const,
  createNeeds: [],
})
const importing = (nodes: readonly ImportedNode[], digest: string) =>
  ({
    type: 'import-graph',
    graph: { source: { type: 'test', name: 'states', digest }, nodes, edges: [] },
  }) as const
const theirs = (id: string): ImportedNode => ({
  address: 'a',
  kind: 'sql-instance',
  key: 'theirs',
  ref: { provider: 'fake', account: '1', region: 'eu-1', type: 'sql-instance', name: 'theirs', id },
  properties: {},
})

describe('a confirmation is void', () => {
  test('PROTECT 2: when a deployment uses the node again, from its trigger on, whatever becomes of it', () => {
    const story = begin()
    story.and(decide, triggering(story, ['sql-database/old']))
    expect(holds(story)).toBe(false)
    story.and(decide, { type: 'cancel-deployment', deployment: 'd2', reason: 'no' })
    expect(holds(story)).toBe(false)
  })

  test('PROTECT 2: when a need is bound to the node', () => {
    const story = begin()
    story
      .when(decide, { type: 'bind', need: 'bucket/receipts', resource: 'bucket/receipts', reason: 'x' })
      .thenNo('DeletionConfirmationVoided')
    story
      .when(decide, { type: 'bind', need: 'sql-database/old', resource: old, reason: 'it is used by hand' })
      .thenAmong({ type: 'DeletionConfirmationVoided', data: { node: old, reason: 'used-again' } })
  })

  test('PROTECT 2: when the need that pointed to the node is bound elsewhere', () => {
    const story = begin().given(made('sql-instance/new', {}))
    story
      .when(decide, { type: 'bind', need: 'sql-database/old', resource: 'sql-instance/new', reason: 'moved' })
      .thenAmong({ type: 'DeletionConfirmationVoided', data: { node: old, reason: 're-pointed' } })
  })

  test('PROTECT 2: when the node is no more, so that the next thing of its id is not meant', () => {
    const story = begin().given({
      type: 'NodeRetired',
      data: {
        node: old,
        version: 2,
        incarnation: 1,
        cause: { type: 'deployment', deployment: 'd1', requests: [] },
        reason: 'vanished',
      },
    })
    expect(holds(story)).toBe(false)
  })

  test('PROTECT 2: when its data is of another epoch', () => {
    const { state } = begin()
    expect(voidedConfirmation(state, old, 'data-epoch-changed')).toMatchObject([{ data: { node: old } }])
    expect(voidedConfirmation(state, 'topic/old', 'data-epoch-changed')).toEqual([])
  })
})

describe('a confirmation holds', () => {
  test('PROTECT 2: while the graph moves elsewhere, by deployments, imports, handovers and bindings', () => {
    const story = begin()
    story.and(decide, triggering(story, ['bucket/receipts']))
    story.and(decide, { type: 'cancel-deployment', deployment: 'd2', reason: 'no' })
    story.given(made('bucket/other', {}))
    story.and(decide, importing([theirs('id-1')], 'd1'))
    story.and(decide, { type: 'manage', node: 'sql-instance/theirs', reason: 'ours now' })
    story.and(decide, { type: 'bind', need: 'bucket/receipts', resource: 'bucket/other', reason: 'moved' })
    expect(holds(story)).toBe(true)
  })

  test('PROTECT 2: when the node itself changes, for it is the same thing with the same data', () => {
    const story = begin()
    const cause = { type: 'drift', observation: 'o1' } as const
    story.given({
      type: 'NodeVersionRecorded',
      data: { node: old, version: 2, incarnation: 1, set: { tier: 'large' }, unset: [], cause },
    })
    expect(holds(story)).toBe(true)
  })

  test('PROTECT 2: when an import says that the node is another thing, for what we manage is not taken from an import', () => {
    const story = shop().and(decide, importing([theirs('id-1')], 'd1'))
    story.and(decide, { type: 'manage', node: 'sql-instance/theirs', reason: 'ours now' })
    story.and(decide, { type: 'confirm-deletion', node: 'sql-instance/theirs', reason: 'unused' })
    expect(holds(story, 'sql-instance/theirs')).toBe(true)
    story.and(decide, importing([theirs('id-2')], 'd2'))
    expect(holds(story, 'sql-instance/theirs')).toBe(true)
    expect(story.state.graph.nodes.get('sql-instance/theirs')?.versions.at(-1)).toMatchObject({ ref: { id: 'id-1' } })
  })

  test('PROTECT 2: for that node and no other, also where its word is replayed on it', () => {
    const story = begin().given([made('sql-instance/twin', {}), confirmed('sql-instance/twin', { incarnation: 7 })])
    expect(verdict(story, 'sql-database/old')).toMatchObject({ reason: 'not-confirmed' })
    expect(verdict(story, 'sql-instance/twin')).toMatchObject({ reason: 'confirmation-outdated' })
  })
})

describe('a confirmation for the destruction', () => {
  const confirm = { type: 'confirm-deletion', node: 'bucket/receipts', reason: 'the shop has closed' } as const
  const forDestruction = { ...confirm, forDestruction: true }

  test('PROTECT 2: may be given for what is in use, and counts for nothing but the destruction', () => {
    const story = shop().and(decide, forDestruction)
    expect(story.state.protection.confirmations.get('bucket/receipts')).toMatchObject({ forDestruction: true })
    expect(verdict(story, 'bucket/receipts')).toMatchObject({ reason: 'not-confirmed' })
    const both = removalVerdicts(story.state, ['bucket/receipts', 'service/checkout'], { ...context, destroying: true })
    expect(both.get('bucket/receipts')).toMatchObject({ type: 'removable', lastCopy: 'must-be-empty' })
  })

  test('PROTECT 2: is given by a person who is Admin', () => {
    shop()
      .given({ type: 'RoleGranted', data: { subject: 'grace', role: 'member' } })
      .when(byRoles(decide), forDestruction, { by: user('grace') })
      .thenRejected('role-required')
    shop().when(byRoles(decide), forDestruction, { by: system }).thenRejected('role-required')
    shop()
      .given({ type: 'RoleGranted', data: { subject: 'api-client:ci', role: 'admin' } })
      .when(byRoles(decide), forDestruction, { by: apiClient('ci') })
      .thenRejected('person-required')
  })

  test('PROTECT 2: says nothing new where the deletion is confirmed for any case, and is outdone by that', () => {
    const unused = { ...confirm, node: old } as const
    begin()
      .when(decide, { ...unused, forDestruction: true })
      .thenNothing()
    const story = shop().and(decide, { ...unused, forDestruction: true })
    story.when(decide, { ...unused, forDestruction: true }).thenNothing()
    story.and(decide, unused)
    expect(story.state.protection.confirmations.get(old)?.forDestruction).toBeUndefined()
  })

  test('PROTECT 6: acknowledges the loss where no copy can be kept, like any other', () => {
    const topic = { ...forDestruction, node: 'topic/old' } as const
    shop().when(decide, topic).thenRejected('confirmation-refused', { reason: 'loss-not-acknowledged' })
    shop()
      .when(decide, { ...topic, acknowledgeLoss: true })
      .then({ type: 'DeletionConfirmed', data: { forDestruction: true, lossAcknowledged: true } })
  })

  test('OWN 1: is not given for what is only observed', () => {
    shop()
      .given(imported('sql-instance/theirs'))
      .when(decide, { ...forDestruction, node: 'sql-instance/theirs' })
      .thenRejected('confirmation-refused', { reason: 'observed' })
  })
})
