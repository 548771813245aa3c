import { applicationModel } from '../application/model.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { NodeId } from '../graph/ids.ts'
import type { ErrorCode, Rejection } from '../ledger-error.ts'
import { computePlan, isRejection } from '../planning/compute.ts'
import type { Step } from '../planning/step.ts'
import { challengePhrase } from './challenge.ts'
import { refusedByEnd } from './closed.ts'
import { underWay } from './decide-destruction.ts'
import { atProviders } from './orphans.ts'
import type { LeftBehind } from './orphans.ts'
import { protectedNodes } from './protected-nodes.ts'
import type { ProtectedNode } from './protected-nodes.ts'

/** A node that a destruction removes, and what is left or proven first. */
export type RemovedNode = { readonly node: NodeId } & NonNullable<Step['removal']>

/** What destroying an environment would do now, and everything that stands in the way. */
export type DestructionReview = {
  readonly environment: string
  /** What is to be typed; another one as soon as the graph moves. */
  readonly challenge: string
  readonly graphVersion: number
  /** In the order in which they go: first what needs others. Of a protected environment, what could go. */
  readonly removes: readonly RemovedNode[]
  /** Nodes that stand in the way, each with everything that is to be done about it (PROTECT 5). */
  readonly protected: readonly ProtectedNode[]
  /** What stays at providers, because it is only observed. */
  readonly orphaned: readonly LeftBehind[]
  /** What else stands in the way: a deployment or an import under way, or that the environment has ended. */
  readonly inTheWay: readonly Obstacle[]
}

/** What deleting an environment from the ledger would leave behind. */
export type DeletionReview = Pick<
  DestructionReview,
  'environment' | 'challenge' | 'graphVersion' | 'orphaned' | 'inTheWay'
>

/** Something other than a node that stands in the way, as a command would be refused for it. */
export type Obstacle = { readonly reason: ErrorCode; readonly message: string }

/** Computes what a destruction would do. Pure, writes nothing. */
export function reviewDestruction(state: EnvironmentState, context: CommandContext): DestructionReview | Rejection {
  const input = { model: applicationModel({ services: [], needs: [] }), requests: [], createNeeds: [], destroys: true }
  const plan = computePlan(state, input, context)
  if (isRejection(plan)) return plan
  const command = { type: 'destroy-environment', deployment: 'review', reason: 'review' } as const
  return {
    ...about(state, 'destroy'),
    removes: plan.steps.flatMap(({ node, removal }) => (removal === undefined ? [] : [{ node, ...removal }])),
    protected: protectedNodes(state, context),
    orphaned: atProviders(state).filter(({ ownership }) => ownership === 'observed'),
    inTheWay: obstacles([refusedByEnd(state, command), underWay(state)]),
  }
}

/** What deleting an environment from the ledger would leave behind. */
export function reviewDeletion(state: EnvironmentState): DeletionReview {
  const command = { type: 'delete-environment', challenge: '', reason: 'review' } as const
  return {
    ...about(state, 'delete'),
    orphaned: atProviders(state),
    inTheWay: obstacles([refusedByEnd(state, command), underWay(state)]),
  }
}

function about({ environment, graph }: EnvironmentState, action: 'destroy' | 'delete') {
  const bound = { environment: environment.name, graphVersion: graph.version }
  return { ...bound, challenge: challengePhrase(action, bound) }
}

function obstacles(rejections: readonly (Rejection | undefined)[]): readonly Obstacle[] {
  return rejections.flatMap((rejection) =>
    rejection === undefined ? [] : [{ reason: rejection.code, message: rejection.message }],
  )
}
