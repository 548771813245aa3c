import { scenario } from '@infraledger/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Declaration } from '../application/declaration.ts'
import { gitPush } from '../deployments/trigger.ts'
import type { Cause } from '../graph/cause.ts'
import { diffGraph } from '../graph/diff.ts'
import { ledger, stories, tell, viewAt } from '../graph/graph.fixture.ts'
import { nodeByRef } from '../graph/state.ts'
import { isLoaded } from '../graph/view.ts'
import { resolveTime } from '../graph/resolve-time.ts'
import type { DomainEvent } from './catalogue.ts'
import { loadState, openSnapshot, saveState, takeSnapshot } from './snapshot.ts'
import type { EnvironmentState } from './state.ts'

// A failure prints its seed and path; give them to `fc.assert` as `{ seed, path }` to see it again.

function reloaded(state: EnvironmentState): EnvironmentState {
  const text = saveState(state)
  if (text === undefined) throw new Error('an import is open')
  return loadState(text)
}

test('what is told to a loaded state and to the saved one leads to the same graph, version by version', () => {
  fc.assert(
    fc.property(stories, stories, (before, after) => {
      const whole = tell(before)
      const loaded = ledger(reloaded(whole.state))
      const first = whole.state.graph.version
      tell(after, whole)
      tell(after, loaded)
      expect(loaded.state.graph.version).toBe(whole.state.graph.version)
      for (let version = first; version <= whole.state.graph.version; version++) {
        expect(content(loaded.state, version)).toEqual(content(whole.state, version))
        if (first > 1)
          expect(diffGraph(loaded.state, first, version).nodes.length).toBe(
            diffGraph(whole.state, first, version).nodes.length,
          )
      }
    }),
  )
})

/** What does not depend on the times and revisions of the test's own stream. */
function content(state: EnvironmentState, version: number): unknown {
  const view = viewAt(state, version)
  return {
    nodes: view.nodes().map(({ id, version: n, incarnation, properties, ownership, ref }) => ({
      id,
      n,
      incarnation,
      properties,
      ownership,
      ref,
    })),
    edges: view.edges().map(({ id, version: n, attributes }) => ({ id, n, attributes })),
  }
}

test('saved, loaded and saved again is the same text', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const text = saveState(tell(story).state) ?? ''
      expect(saveState(loadState(text))).toBe(text)
    }),
  )
})

test('every slice comes back whole, and pending requests end where they are found', () => {
  const { state } = full()
  const loaded = reloaded(state)
  const { graph: _saved, ...slices } = state
  const { graph, ...loadedSlices } = loaded
  expect(loadedSlices).toEqual(slices)
  expect(graph.byIdentity).toEqual(state.graph.byIdentity)
  expect(graph.bindings).toEqual(state.graph.bindings)
  expect(loaded.changeRequests.pending.get('sql-instance/main')?.get('tier')).toBe(
    loaded.changeRequests.requests.get('r1'),
  )
  expect(nodeByRef(graph, { provider: 'aws', type: 'rds', name: 'main' })).toBe('sql-instance/main')
})

test('a loaded state says what of its past it can answer', () => {
  const told = ledger()
  for (let days = 1; days <= 3; days++)
    told.change((draft) => draft.nodeVersion('sql-instance/main', { set: { 'backup.retentionDays': days } }))
  const loaded = reloaded(told.state)
  expect([0, 1, 2, 3].map((version) => isLoaded(loaded, version))).toEqual([true, false, false, true])
  expect(() => viewAt(loaded, 2)).toThrow(/not loaded/)
  expect(viewAt(loaded, 3).node('sql-instance/main')?.version).toBe(3)
  expect(resolveTime(loaded, 2)).toEqual({ type: 'not-loaded' })
  expect(resolveTime(loaded, new Date(0))).toEqual({ type: 'not-loaded' })
  expect(resolveTime(loaded)).toEqual({ type: 'answered', value: 3 })
})

test('GRAPH 5 | no snapshot is made while an import is open', () => {
  const source = { type: 't', name: 'n', digest: 'd' }
  const { state } = ledger().append([{ type: 'ImportStarted', data: { import: 'i1', source, nodes: 0, edges: 0 } }])
  expect(saveState(state)).toBeUndefined()
})

test('LEDGER 11: whatever is changed in a snapshot is noticed', () => {
  const taken = takeSnapshot({ stream: 'environment-prod', revision: 7, hash: 'a'.repeat(64) }, full().state)
  if (taken === undefined) throw new Error('an import is open')
  const { state: text } = taken
  expect(openSnapshot(taken).type).toBe('opened')
  const places = fc.oneof(fc.nat(text.length - 1), fc.constantFrom(0, text.length - 2, text.length - 1))
  fc.assert(
    fc.property(places, fc.constantFrom('0', 'f', '"', '}', ' ', 'é'), (index, character) => {
      const changed = text.slice(0, index) + character + text.slice(index + 1)
      expect(openSnapshot({ ...taken, state: changed }).type).toBe(changed === text ? 'opened' : 'unusable')
      expect(openSnapshot({ ...taken, state: text.slice(0, index) }).type).toBe('unusable')
    }),
  )
  for (const moved of [{ stream: 'environment-staging' }, { revision: 8 }, { hash: 'b'.repeat(64) }])
    expect(openSnapshot({ ...taken, ...moved })).toEqual({ type: 'unusable', reason: 'damaged' })
})

/** A bit of everything: environment, model, deployment, requests, drift, confirmations. */
function full(): ReturnType<typeof scenario> {
  const trigger = gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' })
  const cause: Cause = { type: 'deployment', deployment: 'd1', requests: [] }
  const ref = { provider: 'aws', type: 'rds', name: 'main', id: 'db-1' }
  const declared: Declaration = { node: 'sql-instance/main', properties: { tier: 'small' }, dependsOn: [], uses: [] }
  const appends: readonly DomainEvent[][] = [
    [
      {
        type: 'EnvironmentCreated',
        data: { name: 'prod', type: 'production', clouds: [], policies: { approvals: { required: 1 }, drift: [] } },
      },
    ],
    [{ type: 'RoleGranted', data: { subject: 'ada', role: 'admin' } }],
    [
      {
        type: 'ApplicationModelRecorded',
        data: {
          digest: 'm1',
          base: null,
          commit: 'c1',
          part: 1,
          parts: 1,
          declared: [declared],
          withdrawn: [],
        },
      },
    ],
    [
      {
        type: 'DeploymentTriggered',
        data: { deployment: 'd1', trigger, commit: 'c1', model: 'm1', requests: 'due', createNeeds: [] },
      },
    ],
    [
      {
        type: 'NodeVersionRecorded',
        data: {
          node: 'sql-instance/main',
          version: 1,
          incarnation: 1,
          set: { tier: 'small' },
          unset: [],
          cause,
          ref,
          ownership: 'managed',
        },
      },
    ],
    [
      {
        type: 'ChangeRequested',
        data: {
          request: 'r1',
          node: 'sql-instance/main',
          set: { tier: 'large' },
          baseVersion: 1,
          reason: 'load',
          impact: 'restart',
          downtimeAcknowledged: false,
          when: { type: 'maintenance-window' },
        },
      },
    ],
    [
      {
        type: 'DriftDetected',
        data: {
          observation: 'o1',
          node: 'sql-instance/main',
          version: 1,
          decisions: [
            {
              property: 'tier',
              recorded: 'small',
              observed: 'medium',
              decision: 'suppressed',
              decidedBy: 'request r1',
              request: 'r1',
            },
          ],
        },
      },
    ],
    [
      {
        type: 'NodeVersionRecorded',
        data: {
          node: 'sql-instance/main',
          version: 2,
          incarnation: 1,
          set: { engine: 'postgres' },
          unset: [],
          cause: { type: 'drift', observation: 'o1' },
        },
      },
    ],
    [
      {
        type: 'DriftAttributed',
        data: { node: 'sql-instance/main', version: 2, properties: ['engine'], principal: { type: 'user', id: 'eve' } },
      },
    ],
    [
      {
        type: 'DeletionConfirmed',
        data: {
          node: 'sql-instance/main',
          incarnation: 1,
          lossAcknowledged: false,
          automatedBackupsToo: false,
          reason: 'gone',
        },
      },
    ],
    [
      {
        type: 'NeedBound',
        data: { need: 'sql-instance/main', resource: 'sql-instance/main', previous: null, reason: 'it is it' },
      },
    ],
    [{ type: 'AlertRaised', data: { alert: 'a1', reason: 'posture-weakened', severity: 'warning', message: 'look' } }],
  ]
  return appends.reduce((story, events) => story.given(events), scenario())
}
