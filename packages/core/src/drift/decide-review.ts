import { isSameActor } from '../access/actor.ts'
import { personRequired } from '../access/person.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { CommandContext, Decision } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { nodeNotFound } from '../graph/not-found.ts'
import { checkRequiredText } from '../required-text.ts'
import type { DriftCommandOf } from './commands.ts'
import { adoptedKey } from './state.ts'

/** A person says what drift that was adopted is; each once (AUDIT 18). */
export function decideReview(
  state: EnvironmentState,
  { node, version, comment }: DriftCommandOf<'review-drift'>,
  { actor }: CommandContext,
): Decision {
  const refusal =
    personRequired(actor, 'review drift') ?? checkRequiredText('comment', comment, 'a review says what the drift is')
  if (refusal !== undefined) return { type: 'rejected', rejection: refusal }
  const history = state.graph.nodes.get(node)
  if (history === undefined) return { type: 'rejected', rejection: nodeNotFound(state.graph, node) }
  const found = history.versions.find((one) => one.version === version)
  if (found?.cause.type !== 'drift') {
    const is = found === undefined ? 'is not there' : `came by ${found.cause.type}`
    const message = `version ${version} of ${node} adopted no drift: it ${is}. The drift report names what was adopted, with its version.`
    return rejected('drift-not-found', message, { node, version })
  }
  const reviews = state.drift.reviews.get(adoptedKey(node, version)) ?? []
  if (reviews.some(({ by }) => isSameActor(by, actor))) return accepted([])
  return accepted([{ type: 'DriftReviewed', data: { node, version, comment } }])
}
