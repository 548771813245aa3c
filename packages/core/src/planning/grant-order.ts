import { isExtraGrant } from '../application/grant-id.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion } from '../graph/state.ts'
import type { JsonValue } from '../json.ts'
import { isJsonArray } from '../json.ts'
import type { PlanDraft } from './draft.ts'

type DraftStep = ReturnType<PlanDraft['stepFor']>

/**
 * A deployment takes no right away from the version that still runs (OWN 7): what the code stopped using goes in cleanup, after the new
 * version runs, as a removed grant does; what it began to use is granted before. A grant of which both is true is changed twice. What
 * somebody else added to it goes at once: no version of ours ever had it.
 */
export function narrowLater(draft: PlanDraft): void {
  for (const step of grantSteps(draft)) {
    const wanted = step.operation === 'create' ? undefined : operationsIn(step.changes['operations'])
    const isByCode = step.origins.some(({ type }) => type === 'code')
    if (wanted === undefined || !isByCode) continue
    const recorded = operationsIn(aliveVersion(draft.state.graph, step.node)?.properties['operations']) ?? []
    const both = [...new Set([...recorded, ...wanted])].toSorted(inOrder)
    if (both.length === wanted.length) continue
    const there = operationsIn(step.expected['operations'])
    const isThere = there?.length === both.length && both.every((operation) => there.includes(operation))
    if (isThere && isAllOf(step)) {
      step.phase = 'cleanup'
      continue
    }
    const narrowing = narrowed(step, isThere ? (step.expected['operations'] ?? null) : both)
    if (isThere) dropOperations(step)
    else step.changes['operations'] = both
    draft.steps.set(narrowing.id, narrowing)
  }
}

function isAllOf({ changes, edges, retiredEdges }: DraftStep): boolean {
  return Object.keys(changes).length === 1 && edges.length === 0 && retiredEdges.length === 0
}

/** The second change of a grant: in a step of its own. */
function narrowed(step: DraftStep, expected: JsonValue): DraftStep {
  return {
    ...step,
    id: `narrow:${step.node}`,
    phase: 'cleanup',
    changes: { operations: step.changes['operations'] ?? [] },
    expected: { operations: expected },
    origins: [{ type: 'code', properties: ['operations'] }],
    edges: [],
    retiredEdges: [],
    after: [step.id],
  }
}

function dropOperations(step: DraftStep): void {
  delete step.changes['operations']
  delete step.expected['operations']
}

/** What a service may do is granted before the service starts, also where its grant waits for a need that is rolled out in the same phase. */
export function rightsBeforeServices(draft: PlanDraft): void {
  for (const { id, node, phase, changes } of grantSteps(draft)) {
    if (phase === 'cleanup') continue
    const service = changes['service'] ?? aliveVersion(draft.state.graph, node)?.properties['service']
    const step = isId(service) ? draft.stepOf(service) : undefined
    if (step !== undefined && step.phase !== 'cleanup') step.after = [...step.after, id]
  }
}

/** The removal of a grant that somebody else gave an identity of ours is the reversal of drift, whatever makes the plan do it (OWN 8). */
export function reverseExtraGrants(draft: PlanDraft): void {
  for (const step of grantSteps(draft)) {
    if (step.operation === 'remove' && isExtraGrant(step.node))
      step.origins = [{ type: 'drift-reversal', properties: ['operations'] }]
  }
}

function grantSteps(draft: PlanDraft): readonly DraftStep[] {
  return [...draft.steps.values()].filter(({ node }) => kindOf(node) === 'grant')
}

function operationsIn(value: JsonValue | undefined): readonly string[] | undefined {
  if (value === undefined || !isJsonArray(value)) return undefined
  return value.filter((operation) => typeof operation === 'string')
}

function isId(value: JsonValue | undefined): value is NodeId {
  return typeof value === 'string' && value.includes('/')
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
