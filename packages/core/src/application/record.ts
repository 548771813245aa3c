import type { DomainEvent } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'
import { jsonEqual } from '../json.ts'
import { compareIds } from './declaration.ts'
import type { Declaration } from './declaration.ts'
import type { ApplicationSlice, Model } from './state.ts'

/** Most data of one part, as JSON text in UTF-8, and most declarations: well below the limits of an event. */
export const PART_LIMITS = { bytes: 400 * 1024, declarations: 400 } as const

type Recorded = DomainEvent<'ApplicationModelRecorded'>

/**
 * The events that record a model: its difference to the one recorded last, in parts. None where it is the one recorded last. A known
 * model that is not the last (a revert to what is deployed) is recorded as the same as itself: one small event that makes it the last,
 * so that it is not forgotten before its deployment is triggered.
 *
 * The events may be appended in several appends. Decided again in between, what is left is answered: parts follow from base and model
 * alone. When another model came in between, it begins anew.
 */
export function modelEvents(slice: ApplicationSlice, model: Model, commit = model.commit): readonly Recorded[] {
  const { digest } = model
  if (slice.latest === digest) return []
  const base = slice.models.get(digest) ?? (slice.latest === undefined ? undefined : slice.models.get(slice.latest))
  const parts = inParts(difference(base, model))
  const events = parts.map(({ declared, withdrawn }, index): Recorded => {
    const data = {
      digest,
      base: base?.digest ?? null,
      commit,
      part: index + 1,
      parts: parts.length,
      declared,
      withdrawn,
    }
    return { type: 'ApplicationModelRecorded', data }
  })
  const begun = slice.building
  const goesOn = begun?.digest === digest && begun.base === (base?.digest ?? null) && begun.parts === parts.length
  return goesOn ? events.slice(begun.part) : events
}

/** A node with its declaration, or without one where it is declared no more. */
type Change = readonly [node: NodeId, declaration: Declaration | undefined]

function difference(base: Model | undefined, model: Model): readonly Change[] {
  const changes: Change[] = []
  if (base === model) return changes
  for (const [node, declaration] of model.declarations) {
    if (!jsonEqual(base?.declarations.get(node), declaration)) changes.push([node, declaration])
  }
  for (const node of base?.declarations.keys() ?? []) if (!model.declarations.has(node)) changes.push([node, undefined])
  return changes.toSorted(([a], [b]) => compareIds(a, b))
}

type Part = { readonly declared: Declaration[]; readonly withdrawn: NodeId[] }

/** Changes in groups that each fit into one event; at least one, so that an empty model is recorded too. */
function inParts(changes: readonly Change[]): readonly Part[] {
  let part: Part = { declared: [], withdrawn: [] }
  const parts = [part]
  let bytes = 0
  for (const [node, declaration] of changes) {
    const size = Buffer.byteLength(JSON.stringify(declaration ?? node)) + 1
    if (bytes > 0 && (bytes + size > PART_LIMITS.bytes || part.declared.length >= PART_LIMITS.declarations)) {
      part = { declared: [], withdrawn: [] }
      parts.push(part)
      bytes = 0
    }
    bytes += size
    if (declaration === undefined) part.withdrawn.push(node)
    else part.declared.push(declaration)
  }
  return parts
}
