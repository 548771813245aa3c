import { scenario } from '@infraledger/testkit'
import type { Given, ScenarioOptions } from '@infraledger/testkit'
import type { ResourceObservation } from '../cloud/observation.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { DomainEvent, EventData } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { DriftRule } from '../environment/policies.ts'
import type { NodeId } from '../graph/ids.ts'
import { kindOf } from '../graph/ids.ts'
import type { Properties } from '../json.ts'
import type { DriftCommandOf } from './commands.ts'

export const TARGET = { provider: 'fake', account: 'main', region: 'north-1' }
export const MAIN: NodeId = 'sql-instance/main'

/** A revision later than any in a story: the read began after all of it. */
export const NOW = 1_000_000

export function refOf(name: string, id = `id-of-${name}`, type = 'sql-instance'): ProviderRef {
  return { ...TARGET, type, name, id }
}

export type NodeSetup = {
  readonly node?: NodeId
  readonly ownership?: 'managed' | 'observed'
  readonly ref?: ProviderRef
  readonly policies?: readonly DriftRule[]
} & ScenarioOptions

/** An environment with one node, imported at 08:00 and managed unless said otherwise. */
export function recorded(properties: Properties, setup: NodeSetup = {}): Given {
  const {
    node = MAIN,
    ownership = 'managed',
    ref = refOf(node.slice(node.indexOf('/') + 1), undefined, kindOf(node)),
    policies = [],
  } = setup
  return scenario(setup)
    .given({
      type: 'EnvironmentCreated',
      data: {
        name: 'prod',
        type: 'production',
        clouds: [TARGET],
        policies: { approvals: { required: 0 }, drift: [...policies] },
      },
    })
    .given(
      nodeVersion(
        node,
        { set: properties, ref, ownership, cause: { type: 'import', import: 'i1' } },
        '2026-01-05T08:00:00.000Z',
      ),
    )
}

type Version = EventData<'NodeVersionRecorded'>

export function nodeVersion(
  node: NodeId,
  data: Partial<Version>,
  effectiveAt?: string,
): DomainEvent<'NodeVersionRecorded'> {
  const cause = { type: 'repair', reason: 'a test' } as const
  const version = { node, version: 1, incarnation: 1, set: {}, unset: [], cause, ...data }
  return { type: 'NodeVersionRecorded', data: version, ...(effectiveAt === undefined ? {} : { effectiveAt }) }
}

export function requested(request: string, set: Properties, node: NodeId = MAIN): DomainEvent<'ChangeRequested'> {
  const data = {
    request,
    node,
    set,
    baseVersion: 1,
    reason: 'a test',
    impact: 'online',
    downtimeAcknowledged: false,
    when: { type: 'next-deployment' },
  } as const
  return { type: 'ChangeRequested', data }
}

export function putOff(deferred: Properties, deployment = 'd1', node: NodeId = MAIN): DomainEvent<'StepDeferred'> {
  return { type: 'StepDeferred', data: { deployment, step: `update:${node}`, node, deferred } }
}

export function seen(properties: Properties, given: Partial<ResourceObservation> = {}): ResourceObservation {
  const fields = { volatile: [], completeMaps: [], deferred: {}, status: 'available', settled: true }
  return { ref: refOf('main'), kind: 'sql-instance', properties, ...fields, ...given }
}

let next = 0

/** A page of observations that began after everything in the story. */
export function observed(
  resources: ResourceObservation | readonly ResourceObservation[],
  given: Partial<DriftCommandOf<'record-observations'>> = {},
): DriftCommandOf<'record-observations'> {
  const list = 'ref' in resources ? [resources] : resources
  next += 1
  const fields = {
    observation: `o${next}`,
    startedRevision: NOW,
    observedAt: '2026-01-05T10:00:00.000Z',
    missing: [],
    failed: [],
  }
  return { type: 'record-observations', ...fields, resources: list, ...given }
}

export function scanned(
  given: Partial<DriftCommandOf<'complete-observation'>> = {},
): DriftCommandOf<'complete-observation'> {
  next += 1
  return {
    type: 'complete-observation',
    observation: `s${next}`,
    scope: { type: 'targets', targets: [TARGET], everywhere: true },
    startedAt: '2026-01-05T09:30:00.000Z',
    startedRevision: NOW,
    counts: {
      resources: 1,
      unchanged: 1,
      adopted: 0,
      suppressed: 0,
      enforced: 0,
      ignored: 0,
      missing: 0,
      unmanaged: 0,
    },
    unseen: [],
    unseenCount: 0,
    activityRead: [],
    ...given,
  }
}

/** Puts a deployment under way that has an open step on a node: what planning and the executor do is theirs to test. */
export function underWay(state: EnvironmentState, node: NodeId, intent?: object, status = 'started'): void {
  const step = { step: { id: 's1', node }, status, attempts: 1, intent, error: undefined }
  // Only the fields that drift reads; the rest of a deployment has no meaning here.
  state.deployments.deployments.set('d1', { id: 'd1', plan: { steps: new Map([['s1', step]]) } } as never)
  state.deployments.current = 'd1'
}
