import { describe, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import { user } from '../access/actor.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { Cause } from '../graph/cause.ts'
import type { Impact } from '../graph/impact.ts'
import type { NodeId } from '../graph/ids.ts'
import type { Properties } from '../json.ts'
import { capabilities, environment, made } from '../planning/planning.fixture.ts'
import { decideChangeRequest } from './decide.ts'

const main: NodeId = 'sql-instance/main'
const grace = { by: user('grace') }
const recorded = {
  engine: 'postgres',
  engineVersion: '15.4',
  'backup.retentionDays': 7,
  'storage.gib': 100,
  availability: 'zonal',
}

const withInstance = (options: Parameters<typeof environment>[0] = {}): Given =>
  environment(options).given(made(main, recorded))

const change = (set: Properties, node: NodeId = main) =>
  ({ type: 'request-change', node, set, reason: 'audit' }) as const

/** Capabilities of a provider that says more of `sql-instance` than the kind does. */
const stating = (impact: Record<string, Impact>) => ({
  capabilities(provider: string, kind: string) {
    const known = capabilities(provider, kind)
    return known === undefined || kind !== 'sql-instance' ? known : { ...known, impact }
  },
})

const drift = (property: string, observed: number, decision: 'ignored' | 'enforced'): DomainEvent => ({
  type: 'DriftDetected',
  data: {
    observation: 'o1',
    node: main,
    version: 1,
    decisions: [{ property, recorded: 7, observed, decision, decidedBy: 'a rule' }],
  },
})

const imported = (node: NodeId): DomainEvent => ({
  type: 'NodeVersionRecorded',
  data: {
    node,
    version: 1,
    incarnation: 1,
    set: {},
    unset: [],
    cause: { type: 'import', import: 'i1' },
    ownership: 'observed',
  },
})

describe('what may be requested', () => {
  test('CHANGE 1: a known property of a managed node is requested with the version that the requester saw', () => {
    withInstance()
      .when(decideChangeRequest, change({ 'backup.retentionDays': 14 }), grace)
      .then({
        type: 'ChangeRequested',
        data: {
          node: main,
          set: { 'backup.retentionDays': 14 },
          baseVersion: 1,
          reason: 'audit',
          impact: 'online',
          downtimeAcknowledged: false,
          when: { type: 'next-deployment' },
        },
      })
  })

  test('CHANGE 1: an unknown node is refused with the closest known one', () => {
    withInstance()
      .when(decideChangeRequest, change({ tier: 'x' }, 'sql-instance/mian'))
      .thenRejected('node-not-found', { closest: [main] })
  })

  test('CHANGE 1: a node that is no more is refused with the graph version of its end', () => {
    const cause: Cause = { type: 'deployment', deployment: 'd1', requests: [] }
    withInstance()
      .given({ type: 'NodeRetired', data: { node: main, version: 2, incarnation: 1, cause, reason: 'removed' } })
      .when(decideChangeRequest, change({ tier: 'x' }))
      .thenRejected('node-retired', { graphVersion: 2 })
  })

  test('CHANGE 1: a node that only an open import knows is not there yet', () => {
    const source = { type: 'terraform', name: 'x.tfstate', digest: 'x' }
    withInstance()
      .given({ type: 'ImportStarted', data: { import: 'i1', source, nodes: 1, edges: 0 } })
      .given(imported('bucket/new'))
      .when(decideChangeRequest, change({ versioning: true }, 'bucket/new'))
      .thenRejected('node-not-found')
  })

  test('OWN 1: a node that is only observed is refused until it is handed over', () => {
    const story = environment().given(imported('bucket/logs'))
    story.when(decideChangeRequest, change({ versioning: true }, 'bucket/logs')).thenRejected('node-observed')
    story
      .given({ type: 'NodeManaged', data: { node: 'bucket/logs', reason: 'ours now' } })
      .when(decideChangeRequest, change({ versioning: true }, 'bucket/logs'))
      .then({ type: 'ChangeRequested' })
  })

  test.each([
    ['an unknown property', { 'backup.retentionDay': 3 }, 'property-unknown', { closest: ['backup.retentionDays'] }],
    ['a value of the wrong type', { 'backup.retentionDays': '14' }, 'property-invalid', {}],
    ['a secret by value', { masterPassword: 'hunter2' }, 'property-invalid', {}],
  ] as const)('CHANGE 1: %s is refused', (_, set, code, details) => {
    withInstance().when(decideChangeRequest, change(set)).thenRejected(code, details)
  })

  test.each([
    ['service/checkout', { image: 'checkout:2' }, 'app'],
    ['grant/orders', { operations: ['read'] }, 'enforced'],
    ['certificate/web', { expiresAt: '2030' }, 'provider'],
  ] as const)('CHANGE 1: of %s the property in %o is not for requests, for its owner is %s', (node, set, owner) => {
    environment()
      .given(made(node, {}))
      .when(decideChangeRequest, change(set, node))
      .thenRejected('property-not-changeable', { owner })
  })

  test('CHANGE 1, PROTECT 8: an immutable property is refused with the workflow that leads there', () => {
    withInstance()
      .when(decideChangeRequest, change({ engine: 'mysql' }))
      .thenRejected('replacement-required', { property: 'engine' })
  })

  test('CHANGE 1: what the provider can change only by replacement is immutable there', () => {
    withInstance(stating({ tier: 'replace' }))
      .when(decideChangeRequest, change({ tier: 'large' }))
      .thenRejected('replacement-required')
  })

  test('CHANGE 1: what can only grow is not shrunk', () => {
    const story = withInstance()
    story
      .when(decideChangeRequest, change({ 'storage.gib': 50 }))
      .thenRejected('change-shrinks', { recorded: 100, requested: 50 })
    story.when(decideChangeRequest, change({ 'storage.gib': 200 })).then({ type: 'ChangeRequested' })
  })

  test('CHANGE 1: members of a map and properties of unknown kinds can be requested', () => {
    withInstance()
      .when(decideChangeRequest, change({ 'labels["team"]': 'core' }))
      .then({ type: 'ChangeRequested' })
    environment()
      .given(made('aws_sqs_queue/q', {}))
      .when(decideChangeRequest, change({ anything: 1 }, 'aws_sqs_queue/q'))
      .then({ type: 'ChangeRequested' })
  })

  test.each([
    ['no property', change({})],
    ['no reason', { ...change({ tier: 'x' }), reason: ' ' }],
  ])('a request with %s is not valid', (_, command) => {
    withInstance().when(decideChangeRequest, command).thenRejected('input-invalid')
  })
})

describe('what is so already', () => {
  test.each([
    ['the recorded value', { 'backup.retentionDays': 7 }],
    ['a version prefix that the recorded version is within', { engineVersion: '15' }],
    ['an immutable property as it is', { engine: 'postgres' }],
  ])('CHANGE 1: a request of %s is unneeded', (_, set) => {
    withInstance()
      .when(decideChangeRequest, change(set))
      .thenRejected('change-unneeded', { properties: Object.keys(set) })
  })

  test('CHANGE 1: of several values those that are so already are left out', () => {
    withInstance()
      .when(decideChangeRequest, change({ engine: 'postgres', 'backup.retentionDays': 14 }))
      .then({ type: 'ChangeRequested', data: { set: { 'backup.retentionDays': 14 } } })
  })

  test('CHANGE 1: the recorded value can be requested where the world is known to differ and nothing puts it right', () => {
    const story = withInstance()
    story.given(drift('backup.retentionDays', 30, 'ignored'))
    story.when(decideChangeRequest, change({ 'backup.retentionDays': 7 })).then({ type: 'ChangeRequested' })
  })

  test('CHANGE 1: it is unneeded where the next plan reverts the difference anyway', () => {
    withInstance()
      .given(drift('backup.retentionDays', 30, 'enforced'))
      .when(decideChangeRequest, change({ 'backup.retentionDays': 7 }))
      .thenRejected('change-unneeded')
  })

  test('CHANGE 1: it can be requested to take back what the provider has put off', () => {
    withInstance()
      .given({
        type: 'StepDeferred',
        data: { deployment: 'd1', step: `update:${main}`, node: main, deferred: { 'backup.retentionDays': 30 } },
      })
      .when(decideChangeRequest, change({ 'backup.retentionDays': 7 }))
      .then({ type: 'ChangeRequested' })
  })
})

describe('what a change means', () => {
  test('CHANGE 2: downtime must be acknowledged', () => {
    const story = withInstance()
    const regional = change({ availability: 'regional', tier: 'large' })
    story
      .when(decideChangeRequest, regional)
      .thenRejected('downtime-not-acknowledged', { properties: ['availability'] })
    story
      .when(decideChangeRequest, { ...regional, downtimeAcknowledged: true })
      .then({ type: 'ChangeRequested', data: { impact: 'downtime', downtimeAcknowledged: true } })
  })

  test('CHANGE 2: the provider says what a change means, also for the members of a map', () => {
    const story = withInstance(stating({ availability: 'maintenance-window', parameters: 'online' }))
    story.when(decideChangeRequest, change({ availability: 'regional' })).then({
      type: 'ChangeRequested',
      data: { impact: 'maintenance-window', when: { type: 'next-deployment' } },
    })
    story
      .when(decideChangeRequest, change({ 'parameters["work_mem"]': '64MB' }))
      .then({ type: 'ChangeRequested', data: { impact: 'online' } })
  })

  test('CHANGE 8: what restarts waits for the maintenance window, unless the requester says otherwise', () => {
    const story = withInstance()
    const tier = change({ tier: 'large' })
    story.when(decideChangeRequest, tier).then({
      type: 'ChangeRequested',
      data: { impact: 'restart', when: { type: 'maintenance-window' } },
    })
    const when = { type: 'not-before', at: '2026-02-01T00:00:00Z' } as const
    environment()
      .given(made(main, recorded))
      .when(decideChangeRequest, { ...tier, when })
      .then({ type: 'ChangeRequested', data: { when } })
  })
})

describe('two requests on one property', () => {
  test('CHANGE 3: the second is refused and told whose the first is', () => {
    const story = withInstance().and(decideChangeRequest, change({ 'backup.retentionDays': 14 }), grace)
    const first = [...story.state.changeRequests.requests.keys()][0] ?? ''
    story
      .when(decideChangeRequest, change({ tier: 'large', 'backup.retentionDays': 30 }))
      .thenRejected('change-conflicting', { property: 'backup.retentionDays', request: first, requester: 'user grace' })
  })

  test('CHANGE 3: also when the second asks for what is recorded now, which the first is going to change', () => {
    withInstance()
      .and(decideChangeRequest, change({ 'backup.retentionDays': 14 }), grace)
      .when(decideChangeRequest, change({ 'backup.retentionDays': 7 }))
      .thenRejected('change-conflicting')
  })

  test('CHANGE 3: requests on other properties of the node stand beside it', () => {
    withInstance()
      .and(decideChangeRequest, change({ 'backup.retentionDays': 14 }), grace)
      .when(decideChangeRequest, change({ 'storage.gib': 200 }))
      .then({ type: 'ChangeRequested' })
  })
})
