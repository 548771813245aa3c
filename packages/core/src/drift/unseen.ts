import type { EventData } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { nodesWithOpenSteps } from '../deployments/state.ts'
import { nodeByRef } from '../graph/state.ts'
import type { DriftCommandOf } from './commands.ts'
import { judgeResource } from './judge.ts'
import type { JudgeContext } from './judge.ts'
import { overtakenBy } from './standing.ts'

/** Something that a scan could not see, and why. It decided nothing. */
export type Unseen = EventData<'ObservationCompleted'>['unseen'][number]

/** Longest reason that is recorded. */
const REASON_CHARACTERS = 1_024

/**
 * What a page of observations did not tell: what could not be read, what is still changing, what was overtaken by a deployment, and
 * values that the kind does not accept. Asked before the page is recorded.
 */
export function unseenIn(
  state: EnvironmentState,
  page: DriftCommandOf<'record-observations'>,
  context: JudgeContext,
): readonly Unseen[] {
  const open = nodesWithOpenSteps(state.deployments)
  const failed = page.failed.map(({ ref, reason }): Unseen => {
    const node = ref === undefined ? undefined : nodeByRef(state.graph, ref)
    if (node !== undefined) return because(reason, { node })
    return because(ref === undefined ? reason : `${ref.type} ${ref.name}: ${reason}`)
  })
  const undecided = page.resources.flatMap((resource): readonly Unseen[] => {
    const node = nodeByRef(state.graph, resource.ref)
    if (node === undefined) return []
    const overtaken = overtakenBy(state, node, page, open)
    if (overtaken !== undefined) return [because(overtaken, { node })]
    if (!resource.settled) return [because(`not settled: ${resource.status}`, { node })]
    return judgeResource(state, node, resource, context).problems.map((problem) => because(problem))
  })
  const missing = page.missing.flatMap((ref): readonly Unseen[] => {
    const node = nodeByRef(state.graph, ref)
    const overtaken = node === undefined ? undefined : overtakenBy(state, node, page, open)
    return node === undefined || overtaken === undefined ? [] : [because(overtaken, { node })]
  })
  return [...failed, ...undecided, ...missing]
}

/** An entry with its reason, cut to what is recorded. */
export function because(reason: string, about: Omit<Unseen, 'reason'> = {}): Unseen {
  return {
    ...about,
    reason: reason.length <= REASON_CHARACTERS ? reason : `${reason.slice(0, REASON_CHARACTERS - 1)}…`,
  }
}
