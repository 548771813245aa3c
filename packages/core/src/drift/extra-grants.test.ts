import { describe, expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import type { ResourceObservation } from '../cloud/observation.ts'
import type { NodeId } from '../graph/ids.ts'
import { decideDrift } from './decide.ts'
import { nodeVersion, observed, recorded, refOf, seen } from './drift.fixture.ts'
import { driftReport } from './report.ts'

const IDENTITY: NodeId = 'identity/checkout'
const identityRef = refOf('checkout', undefined, 'identity')
const onIdentity = { kind: 'identity', ref: identityRef }

const grant = (given: Partial<ResourceObservation> = {}): ResourceObservation =>
  seen(
    { operations: ['admin'] },
    { ref: refOf('backdoor', undefined, 'grant'), kind: 'grant', dependencies: [onIdentity], ...given },
  )

const ours = (setup: Parameters<typeof recorded>[1] = {}): Given => recorded({}, { node: IDENTITY, ...setup })

const FOUND = [
  {
    type: 'DriftDetected',
    data: {
      version: 1,
      decisions: [{ property: 'operations', observed: ['admin'], decision: 'enforced', decidedBy: 'kind' }],
    },
  },
  {
    type: 'NodeVersionRecorded',
    data: {
      set: { identity: IDENTITY, operations: ['admin'] },
      ownership: 'managed',
      cause: { type: 'drift' },
    },
  },
  { type: 'EdgeVersionRecorded', data: { kind: 'depends-on', to: IDENTITY } },
  { type: 'AlertRaised', data: { reason: 'extra-grant-found', severity: 'critical' } },
] as const

describe('grants that nobody here made', () => {
  test('OWN 8: one for an identity of ours is recorded as ours to remove, alerted, and waits for its author', () => {
    const story = ours()
      .when(decideDrift, observed(grant()))
      .then(...FOUND)
    expect([...story.state.drift.unattributed.values()]).toMatchObject([{ version: 1, properties: ['operations'] }])
    expect(driftReport(story.state)).toMatchObject({
      open: [],
      unmanaged: [],
      extraGrants: [{ name: 'backdoor', operations: ['admin'], attribution: undefined }],
    })
  })

  test('OWN 8, DRIFT 11: seen again, it is what it was', () => {
    ours().and(decideDrift, observed(grant())).when(decideDrift, observed(grant())).thenNothing()
  })

  test('OWN 8: what else it is on is drawn, and a claim that it follows from a use is not believed', () => {
    const database = { kind: 'sql-database', ref: refOf('orders', undefined, 'sql-database') }
    const story = ours().given(nodeVersion('sql-database/orders', { ref: database.ref, ownership: 'managed' }))
    const properties = { operations: ['admin'], service: 'service/checkout', need: 'sql-database/orders' }
    const { state } = story.and(decideDrift, observed(grant({ dependencies: [onIdentity, database], properties })))
    const extra = [...state.graph.nodes.values()].find(({ kind }) => kind === 'grant')
    expect(extra?.versions[0]?.properties).toEqual({ identity: IDENTITY, operations: ['admin'] })
    expect([...state.graph.edges.values()].map(({ to }) => to)).toEqual([IDENTITY, 'sql-database/orders'])
    story.when(decideDrift, observed(grant({ dependencies: [onIdentity, database], properties }))).thenNothing()
  })

  test('OWN 8: reported as unmanaged before its identity came into our hands, it is ours to remove after', () => {
    ours({ ownership: 'observed' })
      .when(decideDrift, observed(grant()))
      .then({ type: 'UnmanagedResourceDiscovered' })
      .given({ type: 'NodeManaged', data: { node: IDENTITY, reason: 'ours now' } })
      .when(decideDrift, observed(grant()))
      .then(...FOUND)
  })

  test.each<[string, Partial<ResourceObservation>]>([
    [
      'of an identity that nobody knows',
      { dependencies: [{ kind: 'identity', ref: refOf('x', undefined, 'identity') }] },
    ],
    ['of which the provider does not tell the identity', { dependencies: [] }],
    ['that is being made or removed', { settled: false }],
  ])('OWN 5: one %s is reported as unmanaged', (_, given) => {
    ours()
      .when(decideDrift, observed(grant(given)))
      .then({ type: 'UnmanagedResourceDiscovered' })
  })

  test.each(['adopt', 'ignore'] as const)(
    'DRIFT 16: a policy that says %s leaves grants to whoever makes them',
    (decision) => {
      ours({ policies: [{ kind: 'grant', property: 'operations', decision, reason: 'another team gives them' }] })
        .when(decideDrift, observed(grant()))
        .then({ type: 'UnmanagedResourceDiscovered' })
    },
  )

  test('DRIFT 17: a listing that began before we removed it does not bring it back', () => {
    const story = ours().and(decideDrift, observed(grant()))
    const node = [...story.state.graph.nodes.keys()].find((id) => id.startsWith('grant/'))
    const [edge] = story.state.graph.edges.keys()
    if (node === undefined || edge === undefined) throw new Error('it was not recorded')
    const cause = { type: 'repair', reason: 'removed' } as const
    story.given([
      { type: 'EdgeRetired', data: { edge, version: 2, cause } },
      { type: 'NodeRetired', data: { node, version: 2, incarnation: 1, cause, reason: 'removed' } },
    ])
    story.when(decideDrift, observed(grant(), { startedRevision: 1 })).thenNothing()
    story
      .when(decideDrift, observed(grant()))
      .thenAmong({ type: 'NodeVersionRecorded', data: { node, version: 3, incarnation: 2 } })
  })
})
