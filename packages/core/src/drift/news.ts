import type { PropertyDefinition } from '../graph/kind.ts'
import { sameValue } from '../graph/property-values.ts'
import { hasNone } from './compare.ts'
import type { MaybeValue } from './compare.ts'
import type { PropertyQuestion, Verdict } from './decide-property.ts'
import type { Judged } from './judge.ts'
import type { OpenDifference, PropertyDecision } from './state.ts'

/** A decision that is to be recorded, with the question that it answers. */
export type News = Judged & { readonly decision: PropertyDecision }

/** Most bytes of values that one node's decisions carry in one append; what is left over is decided by the next observation. */
export const DECISION_BYTES = 200 * 1024

/**
 * Which answers are news (DRIFT 11): what is recorded as standing already, with the same values and for the same reason, is none. That a
 * standing difference is gone is news too. A difference that was recorded after this observation began is newer than what it read, and
 * is left alone (DRIFT 17).
 */
export function newsOf(
  judged: readonly Judged[],
  open: ReadonlyMap<string, OpenDifference> | undefined,
  { startedRevision }: { readonly startedRevision: number },
): readonly News[] {
  const news: News[] = []
  let bytes = 0
  for (const answer of judged) {
    const standing = open?.get(answer.question.property)
    const known = Math.max(standing?.revision ?? -1, answer.question.ours?.revision ?? -1)
    const isNewer = known > startedRevision
    const decision = isNewer ? undefined : decisionOf(answer, standing)
    if (
      decision === undefined ||
      (standing !== undefined && sameDecision(answer.question.definition, decision, standing))
    )
      continue
    bytes += sizeOf(decision)
    if (bytes > DECISION_BYTES && news.length > 0) break
    news.push({ ...answer, decision })
  }
  return news
}

function decisionOf({ question, verdict }: Judged, standing: OpenDifference | undefined): PropertyDecision | undefined {
  const { property } = question
  const values = { ...value('recorded', question.recorded), ...value('observed', question.observed) }
  if (verdict.decision === 'undecidable') return undefined
  const isQuiet =
    verdict.decision === 'equal' || isOver(question, verdict, standing) || isOthersFlight(question, verdict)
  if (!isQuiet) return { property, ...values, ...verdict }
  // Somebody took back what we had put off, maybe before anybody saw it waiting.
  const isDropped = standing?.decision === 'in-flight' || (verdict.decision === 'equal' && question.ours !== undefined)
  if (standing === undefined && !isDropped) return undefined
  const decision = isDropped ? 'dropped' : 'resolved'
  return { property, ...values, decision, decidedBy: 'observation' }
}

/** A deferred value that landed on what is recorded already (a reverted one) is news only to the difference or request that waited for it. */
function isOver(
  { definition, recorded, observed }: PropertyQuestion,
  verdict: Verdict,
  standing: OpenDifference | undefined,
): boolean {
  if (verdict.decision !== 'landed' || standing !== undefined || verdict.request !== undefined) return false
  return sameValue(definition, recorded ?? null, observed ?? null)
}

/** A requested value that somebody else had put off at the provider: no drift, and nothing of ours to keep an eye on. */
function isOthersFlight({ ours }: PropertyQuestion, verdict: Verdict): boolean {
  return verdict.decision === 'in-flight' && ours === undefined
}

function sameDecision(definition: PropertyDefinition, a: PropertyDecision, b: PropertyDecision): boolean {
  const sameReason = a.decision === b.decision && a.decidedBy === b.decidedBy && a.request === b.request
  const same = (left: MaybeValue, right: MaybeValue): boolean => sameValue(definition, left ?? null, right ?? null)
  return sameReason && same(a.recorded, b.recorded) && same(a.observed, b.observed)
}

function value<Key extends 'recorded' | 'observed'>(
  key: Key,
  given: MaybeValue,
): { [K in Key]?: Exclude<MaybeValue, undefined> } {
  // A computed key is typed as any string; it is one of the two names.
  return hasNone(given) ? {} : ({ [key]: given } as { [K in Key]?: Exclude<MaybeValue, undefined> })
}

function sizeOf({ recorded, observed }: PropertyDecision): number {
  return JSON.stringify([recorded, observed]).length
}
