import type { ChangeRequest } from '../change-requests/state.ts'
import { nodesWithOpenSteps } from '../deployments/state.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { graphDraft } from '../graph/build.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion } from '../graph/state.ts'
import { decideProperty } from './decide-property.ts'
import { ask } from './judge.ts'
import { newsOf } from './news.ts'
import type { News } from './news.ts'
import { recordNews } from './record-news.ts'
import type { OpenDifference } from './state.ts'

/**
 * What becomes of the drift that a request suppressed once the request is withdrawn or rejected (DRIFT 12): it is decided again without
 * the request, and so adopted unless the policy says otherwise. For the same append as `ChangeWithdrawn` or `ChangeRejected`; the state
 * is the one before it. While an import or a step holds the node nothing is decided, and the next observation does it.
 */
export function adoptSuppressed(
  state: EnvironmentState,
  request: ChangeRequest,
  context: CommandContext,
): readonly DomainEvent[] {
  const { node } = request
  if (aliveVersion(state.graph, node) === undefined || state.graph.openImport !== undefined) return []
  if (nodesWithOpenSteps(state.deployments).has(node)) return []
  const suppressed = [...(state.drift.open.get(node)?.values() ?? [])].filter(
    (open) => open.decision === 'suppressed' && open.request === request.request,
  )
  const draft = graphDraft(state)
  return [...Map.groupBy(suppressed, ({ observation }) => observation)].flatMap(([observation, differences]) => {
    const [{ observedAt, lastSeenAt } = { observedAt: context.now, lastSeenAt: undefined }] = differences
    const news = decideAgain(state, node, differences, context)
    const events = recordNews(state, draft, { node, observation, observedAt, lastSeenAt, news }, context)
    return [...events, ...knownAuthors(events, differences)]
  })
}

function decideAgain(
  state: EnvironmentState,
  node: NodeId,
  differences: readonly OpenDifference[],
  context: CommandContext,
): readonly News[] {
  return differences.flatMap((open) => {
    const question = ask(state, node, open.property, open.observed, {}, context)
    if (question === undefined) return []
    const { request: _, ...withoutRequest } = question
    const judged = [{ question: withoutRequest, verdict: decideProperty(withoutRequest) }]
    return newsOf(judged, state.drift.open.get(node), { startedRevision: open.revision })
  })
}

/** Who made the change may be known already: the version that adopts it gets the same attribution. */
function knownAuthors(events: readonly DomainEvent[], differences: readonly OpenDifference[]): readonly DomainEvent[] {
  return events.flatMap((event): DomainEvent[] => {
    if (event.type !== 'DriftDetected' || event.data.adoptedVersion === undefined) return []
    const { node, adoptedVersion: version, observation, decisions } = event.data
    const adopted = new Set(decisions.filter(({ decision }) => decision === 'adopted').map(({ property }) => property))
    return differences.flatMap(({ property, attribution }): DomainEvent[] => {
      if (attribution === undefined || !adopted.has(property)) return []
      const at = attribution.activity === undefined ? {} : { effectiveAt: attribution.activity.at }
      return [
        {
          type: 'DriftAttributed',
          data: { node, version, observation, properties: [property], ...attribution },
          ...at,
        },
      ]
    })
  })
}
