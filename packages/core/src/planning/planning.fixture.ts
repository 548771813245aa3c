import { scenario } from '@infraledger/testkit'
import type { Given, ScenarioOptions } from '@infraledger/testkit'
import { applicationModel } from '../application/model.ts'
import type { ApplicationModelInput } from '../application/model-input.ts'
import { modelEvents } from '../application/record.ts'
import type { Model } from '../application/state.ts'
import { system, user } from '../access/actor.ts'
import type { KindCapabilities } from '../cloud/cloud-provider.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext } from '../environment/decision.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { computePlan, isRejection } from './compute.ts'
import type { PlanInput } from './draft.ts'
import type { Plan } from './plan.ts'

export const TARGET = { provider: 'fake', account: '1', region: 'eu-1' }

/** Kinds that the fixture's provider serves; the logical database is left to the record. */
const SERVED = new Set(['sql-instance', 'bucket', 'topic', 'identity', 'service', 'network'])

export const capabilities = (provider: string, kind: string): KindCapabilities | undefined =>
  provider === 'fake' && SERVED.has(kind)
    ? {
        refType: kind,
        impact: {},
        renamable: false,
        restoreInPlace: false,
        lastCopy: kind === 'bucket' ? 'emptiness' : kind === 'sql-instance' ? 'final-snapshot' : 'none',
      }
    : undefined

/** An environment with one cloud, and ada as its Admin. */
export function environment(options: { approvals?: number } & ScenarioOptions = {}): Given {
  return scenario({ capabilities, ...options }).given([
    {
      type: 'EnvironmentCreated',
      data: {
        name: 'prod',
        type: 'production',
        clouds: [TARGET],
        policies: { approvals: { required: options.approvals ?? 0 }, drift: [] },
      },
    },
    { type: 'RoleGranted', data: { subject: 'ada', role: 'admin' } },
  ])
}

export function context(now = '2026-01-05T10:00:00.000Z'): CommandContext {
  let ids = 0
  return {
    now,
    actor: system,
    newId: () => `plan-id-${++ids}`,
    kinds: kindCatalogue(standardKinds),
    capabilities,
    providers: ['fake'],
    nameOf: (node, incarnation) => `${node.replace('/', '-')}-${incarnation}`,
    labelsOf: () => ({}),
  }
}

/** A model as the ledger knows it after recording. */
export function recordModel(story: Given, input: ApplicationModelInput): Model {
  const model = applicationModel({ commit: 'c1', ...input })
  for (const event of modelEvents(story.state.application, model)) story.given(event)
  const recorded = story.state.application.models.get(model.digest)
  if (recorded === undefined) throw new Error('the model was not recorded')
  return recorded
}

/** Pretends that a deployment of the model succeeded, with these changes of the graph. */
export function deployed(story: Given, input: ApplicationModelInput, ...changes: DomainEvent[]): Model {
  const model = recordModel(story, input)
  const id = `d${story.state.deployments.deployments.size + 1}`
  const trigger = { type: 'git-push', commit: 'c1', ref: 'main', pusher: 'ada' } as const
  story.given(
    {
      type: 'DeploymentTriggered',
      data: { deployment: id, trigger, commit: 'c1', model: model.digest, requests: 'due', createNeeds: [] },
    },
    { by: user('ada') },
  )
  if (changes.length > 0) story.given(changes)
  story.given({ type: 'DeploymentSucceeded', data: { deployment: id, graphVersion: story.state.graph.version } })
  return model
}

/** A managed node, as a deployment left it. */
export function made(
  node: `${string}/${string}`,
  properties: Record<string, string | number | boolean>,
  deployment = 'd1',
): DomainEvent {
  return {
    type: 'NodeVersionRecorded',
    data: {
      node,
      version: 1,
      incarnation: 1,
      set: properties,
      unset: [],
      cause: { type: 'deployment', deployment, requests: [] },
      ref: {
        provider: 'fake',
        account: '1',
        region: 'eu-1',
        type: node.split('/')[0] ?? '',
        name: node.replace('/', '-'),
        id: `id-${node}`,
      },
      ownership: 'managed',
    },
  }
}

/** The plan, which the test expects not to be refused. */
export function planOf(
  story: Given,
  input: Partial<PlanInput> & { model: Model },
  world: Partial<CommandContext> = {},
): Plan {
  const plan = computePlan(story.state, { requests: [], createNeeds: [], ...input }, { ...context(), ...world })
  if (isRejection(plan)) throw new Error(`${plan.code}: ${plan.message}`)
  return plan
}
