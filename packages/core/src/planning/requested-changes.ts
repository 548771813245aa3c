import type { ChangeRequest } from '../change-requests/state.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { propertyOf } from '../graph/kind-catalogue.ts'
import { aliveVersion, isManaged } from '../graph/state.ts'
import { jsonEqual } from '../json.ts'
import type { JsonValue } from '../json.ts'
import { impactOf } from './draft.ts'
import type { PlanDraft } from './draft.ts'
import { knownValue, needOf } from './known-value.ts'
import type { KnownValue } from './known-value.ts'
import { isLostForGood } from './lost.ts'
import { notReversed } from './not-written.ts'

/** Plans the values of the included change requests that are not there yet (CHANGE 4), each marked with whose it is. */
export function planRequests(draft: PlanDraft): void {
  for (const id of draft.input.requests) {
    const request = draft.state.changeRequests.requests.get(id)
    if (request === undefined || request.status !== 'pending') continue
    const reason = notReachable(draft, request.node)
    if (reason === undefined) planRequest(draft, request)
    else draft.note('request-skipped', request.node, `request ${id} waits: ${request.node} ${reason}`)
  }
}

function notReachable(draft: PlanDraft, node: NodeId): string | undefined {
  const { graph } = draft.state
  if (aliveVersion(graph, node) === undefined || !isManaged(graph, node)) return 'is not there or not managed'
  return isLostForGood(draft, node) ? 'is missing at the provider' : undefined
}

function planRequest(draft: PlanDraft, { request, node, requester, impact, remaining, set }: ChangeRequest): void {
  const kind = draft.context.kinds.orUnknown(kindOf(node))
  for (const property of remaining) {
    const value = set[property]
    const definition = propertyOf(kind, property)
    if (value === undefined || definition === undefined) continue
    const known = beforeRequest(draft, node, property)
    // Enforced drift never becomes the record by itself, not even where it is what the request wants.
    const isEnforced = draft.state.drift.open.get(node)?.get(property)?.decision === 'enforced'
    if (needOf(definition, value, known) !== 'to-write' && !isEnforced) continue
    noteOverruled(draft, node, property, value)
    draft.change(node, property, value, known.there ?? null, {
      type: 'request',
      request,
      requester: requester.id,
      properties: [property],
    })
    // Its time has come, or its requester wants it now. What only wants the provider's window is left to the provider (CHANGE 8).
    if (impact === 'restart' || impact === 'downtime') draft.interruptNow(node)
  }
}

/** What is there before the request's value is: of what is made again, the values that it is made with. */
function beforeRequest(draft: PlanDraft, node: NodeId, property: string): KnownValue {
  const step = draft.stepOf(node)
  if (step?.operation === 'create') return { there: step.changes[property], putOff: undefined }
  return knownValue(draft.state, node, property)
}

/** A person's wish stands before a value that the code changed in the same deployment. */
function noteOverruled(draft: PlanDraft, node: NodeId, property: string, value: JsonValue): void {
  const step = draft.stepOf(node)
  const byCode = step?.origins.some((origin) => origin.type === 'code' && origin.properties.includes(property))
  if (step === undefined || byCode !== true || jsonEqual(step.changes[property], value)) return
  draft.note('overruled', node, `${property} of ${node} is what a change request wants, not what the code asks for`)
}

/** Plans the reversal of drift on enforced properties of managed nodes (DRIFT 7). A value that the code changed takes its place. */
export function planReversals(draft: PlanDraft): void {
  for (const [node, differences] of draft.state.drift.open) {
    if (notReachable(draft, node) !== undefined) continue
    const kind = draft.context.kinds.orUnknown(kindOf(node))
    for (const { property, decision, recorded, observed } of differences.values()) {
      if (decision !== 'enforced' || Object.hasOwn(draft.stepOf(node)?.changes ?? {}, property)) continue
      const reason =
        impactOf(draft, node, property) === 'replace'
          ? 'it cannot change in place'
          : notReversed(property, propertyOf(kind, property), recorded ?? null, observed)
      if (reason === undefined) {
        draft.change(node, property, recorded ?? null, observed ?? null, {
          type: 'drift-reversal',
          properties: [property],
        })
      } else draft.note('not-written', node, `the enforced value of ${property} of ${node} is not restored: ${reason}`)
    }
  }
}
