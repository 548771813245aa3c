import type { Given } from '@infraledger/testkit'
import { user } from '../access/actor.ts'
import type { ApplicationModelInput } from '../application/model-input.ts'
import type { ResourceObservation } from '../cloud/observation.ts'
import type { NodeId } from '../graph/ids.ts'
import { kindOf } from '../graph/ids.ts'
import { newestVersion } from '../graph/state.ts'
import type { Properties } from '../json.ts'
import { recordModel, TARGET } from '../planning/planning.fixture.ts'
import { decideDeployment } from './decide.ts'
import { currentDeployment } from './state.ts'
import type { Deployment } from './deployment.ts'

export const ada = { by: user('ada') }

/** Triggers a deployment of a model and plans it; answers its id. */
export function planned(story: Given, input: ApplicationModelInput): string {
  const model = recordModel(story, input).digest
  const deployment = `d${story.state.deployments.deployments.size + 1}`
  const trigger = { type: 'git-push', commit: 'c2', ref: 'main', pusher: 'ada' } as const
  const createNeeds: NodeId[] = []
  const asked = { deployment, trigger, model, requests: 'due', createNeeds } as const
  story.and(decideDeployment, { type: 'trigger-deployment', ...asked }, ada)
  story.and(decideDeployment, { type: 'plan-deployment', deployment })
  return deployment
}

/** The same with its first phase begun. */
export function running(story: Given, input: ApplicationModelInput): string {
  const deployment = planned(story, input)
  story.and(decideDeployment, { type: 'start-phase', deployment, phase: 'provision' })
  return deployment
}

/** The deployment under way. */
export function current(story: Given): Deployment {
  const deployment = currentDeployment(story.state.deployments)
  if (deployment === undefined) throw new Error('no deployment is under way')
  return deployment
}

/** What the provider says of a node, as it is after its step. */
export function readBack(story: Given, node: NodeId, properties: Properties): ResourceObservation {
  const known = newestVersion(story.state.graph, node)?.ref
  return {
    ref: known ?? { ...TARGET, type: kindOf(node), name: node.replace('/', '-'), id: `id-${node}` },
    kind: kindOf(node),
    properties,
    volatile: [],
    completeMaps: [],
    deferred: {},
    status: 'available',
    settled: true,
  }
}
