import type { CloudTarget, KindCapabilities } from '../cloud/cloud-provider.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { clearsProtection } from '../graph/deletion-protection.ts'
import { hardestImpact } from '../graph/impact.ts'
import type { Impact } from '../graph/impact.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import type { Kind } from '../graph/kind.ts'
import { mapOfKey, propertyOf } from '../graph/kind-catalogue.ts'
import { aliveVersion, newestVersion } from '../graph/state.ts'
import { jsonEqual } from '../json.ts'
import type { JsonValue } from '../json.ts'
import type { Model } from '../application/state.ts'
import type { PlanNotice } from './plan.ts'
import type { Step, StepOrigin } from './step.ts'

/** What a plan is computed from, besides the state. */
export type PlanInput = {
  readonly model: Model
  /** Change requests to take along. */
  readonly requests: readonly string[]
  /** Needs to create although resources that could be bound to them exist (OWN 4). */
  readonly createNeeds: 'all' | readonly NodeId[]
  /** The environment is destroyed: everything of ours goes, and nothing is written to what goes (PROTECT 9). */
  readonly destroys?: boolean
}

type MutableStep = { -readonly [K in keyof Step]: Step[K] } & {
  changes: Record<string, JsonValue>
  expected: Record<string, JsonValue>
  origins: StepOrigin[]
  edges: Step['edges'][number][]
  retiredEdges: Step['retiredEdges'][number][]
}

/** A plan under construction: at most one create, update or record step for each node, and the removals. */
export interface PlanDraft {
  readonly state: EnvironmentState
  readonly input: PlanInput
  readonly context: CommandContext
  readonly steps: Map<string, MutableStep>
  readonly notices: readonly PlanNotice[]
  /** The step that creates, changes or records a node; made on first use. */
  stepFor(node: NodeId, operation: 'create' | 'update' | 'record'): MutableStep
  /** The create, update or record step of a node, if there is one. */
  stepOf(node: NodeId): MutableStep | undefined
  /** Adds a property change to the node's step. Whoever asked for another value before is overruled, and has no part in the step. */
  change(node: NodeId, property: string, value: JsonValue, expected: JsonValue, origin: StepOrigin): void
  /** A person chose when the node may be interrupted, and that is now; without their word the provider waits for its window. */
  interruptNow(node: NodeId): void
  note(type: PlanNotice['type'], node: NodeId, message: string): void
}

/** Begins an empty plan. */
export function planDraft(state: EnvironmentState, input: PlanInput, context: CommandContext): PlanDraft {
  const steps = new Map<string, MutableStep>()
  const byNode = new Map<NodeId, MutableStep>()
  const notices: PlanNotice[] = []
  const interrupted = new Set<NodeId>()
  const draft: PlanDraft = {
    state,
    input,
    context,
    steps,
    notices,
    stepOf: (node) => byNode.get(node),
    stepFor(node, operation) {
      const existing = byNode.get(node)
      if (existing !== undefined) return strengthen(steps, existing, operation)
      const step = newStep(draft, node, operation)
      byNode.set(node, step)
      steps.set(step.id, step)
      return step
    },
    change(node, property, value, expected, origin) {
      // PROTECT 4: whatever asks for it (code, request, policy), every written value comes by here.
      if (clearsProtection(property, value)) {
        const message = `${property} of ${node} stays as it is: a person switches it off at the provider, never a deployment`
        draft.note('not-written', node, message)
        return
      }
      const step = draft.stepFor(node, 'update')
      if (Object.hasOwn(step.changes, property) && !jsonEqual(step.changes[property], value))
        step.origins = withoutProperty(step.origins, property)
      step.changes[property] = value
      addOrigin(step.origins, origin)
      // Making a thing expects nothing and interrupts nobody.
      if (step.operation !== 'update') return
      step.expected[property] = expected
      step.impact = hardestImpact([step.impact, impactOf(draft, node, property)])
      step.when = step.impact === 'online' || interrupted.has(node) ? 'now' : 'maintenance-window'
    },
    interruptNow(node) {
      interrupted.add(node)
      const step = byNode.get(node)
      if (step !== undefined) step.when = 'now'
    },
    note: (type, node, message) => void notices.push({ type, node, message }),
  }
  return draft
}

/** A record step becomes an update when a property of the node changes too. */
function strengthen(steps: Map<string, MutableStep>, step: MutableStep, operation: Step['operation']): MutableStep {
  if (step.operation !== 'record' || operation === 'record' || step.ref === undefined) return step
  steps.delete(step.id)
  step.operation = operation
  step.infrastructure = step.phase === 'provision'
  step.id = `${operation}:${step.node}`
  steps.set(step.id, step)
  return step
}

function newStep(draft: PlanDraft, node: NodeId, operation: 'create' | 'update' | 'record'): MutableStep {
  const version = newestVersion(draft.state.graph, node)
  const alive = aliveVersion(draft.state.graph, node)
  const kind = draft.context.kinds.orUnknown(kindOf(node))
  const effective = operation === 'update' && alive?.ref === undefined ? 'record' : operation
  return {
    id: `${effective}:${node}`,
    phase: kind.phase,
    operation: effective,
    infrastructure: kind.phase === 'provision' && effective !== 'record',
    node,
    nodeVersion: version?.version ?? 0,
    ...(alive?.ref === undefined ? {} : { ref: alive.ref }),
    changes: {},
    expected: {},
    impact: 'online',
    when: 'now',
    origins: [],
    edges: [],
    retiredEdges: [],
    after: [],
  }
}

function withoutProperty(origins: readonly StepOrigin[], property: string): StepOrigin[] {
  return origins.flatMap((origin) => {
    if (!('properties' in origin) || !origin.properties.includes(property)) return [origin]
    const properties = origin.properties.filter((other) => other !== property)
    return properties.length === 0 ? [] : [{ ...origin, properties }]
  })
}

function addOrigin(origins: StepOrigin[], origin: StepOrigin): void {
  const same = origins.findIndex(
    (known) =>
      known.type === origin.type &&
      (known.type !== 'request' || (origin.type === 'request' && known.request === origin.request)),
  )
  const known = origins[same]
  if (known === undefined) origins.push(origin)
  else if ('properties' in known && 'properties' in origin)
    origins[same] = { ...known, properties: [...known.properties, ...origin.properties] }
}

/** What changing a property means: the provider's word before the kind's. */
export function impactOf(draft: PlanDraft, node: NodeId, property: string): Impact {
  const kind = draft.context.kinds.orUnknown(kindOf(node))
  const ref = aliveVersion(draft.state.graph, node)?.ref
  const capabilities = ref === undefined ? undefined : draft.context.capabilities(ref.provider, kind.name)
  const declared = capabilities?.impact[property] ?? capabilities?.impact[mapOfKey(property) ?? property]
  return declared ?? propertyOf(kind, property)?.impact ?? 'online'
}

/** The target in which a kind is created and what its provider can do; `nobody` when every configured provider leaves the kind to the record. */
export function placeOf(
  draft: PlanDraft,
  kind: Kind,
): { target: CloudTarget; capabilities: KindCapabilities | undefined } | 'nobody' | undefined {
  const { clouds } = draft.state.environment
  const places = clouds.flatMap((target) => {
    const capabilities = draft.context.capabilities(target.provider, kind.name)
    return capabilities === undefined ? [] : [{ target, capabilities }]
  })
  // What a platform of the environment runs goes there, whatever else could make it.
  const place = places.find(({ capabilities }) => capabilities.runsImages === true) ?? places[0]
  if (place !== undefined) return place
  const unconfigured = clouds.find(({ provider }) => !draft.context.providers.includes(provider))
  if (unconfigured !== undefined) return { target: unconfigured, capabilities: undefined }
  return clouds.length === 0 ? undefined : 'nobody'
}
