import { match, P } from 'ts-pattern'
import type { DomainEvent, EventData } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { DELETION_PROTECTION } from '../graph/deletion-protection.ts'
import type { NodeId } from '../graph/ids.ts'
import { isSecretReference } from '../graph/secret.ts'
import { hasNone } from './compare.ts'
import type { MaybeValue } from './compare.ts'
import { DECIDED_BY, isEnforced } from './decide-property.ts'
import type { News } from './news.ts'

type Alert = Omit<EventData<'AlertRaised'>, 'alert'>

const VALUE_SHOWN = 200

/** The alert that a decision calls for (DRIFT 7, DRIFT 8), if any. */
export function alertFor(node: NodeId, { question, decision }: News): Alert | undefined {
  const { property, definition, recorded, observed } = question
  const change = `${property} of ${node} is ${show(observed)} at the provider, ${hasNone(recorded) ? 'never recorded before' : `recorded was ${show(recorded)}`}`
  const weakened = definition.weakens?.(observed, recorded) === true
  const about = { node, property }
  const isFirst = decision.decidedBy === DECIDED_BY.firstReading
  return (
    match({ decision: decision.decision, weakened, property, isFirst, enforced: isEnforced(question) })
      .returnType<Alert | undefined>()
      .with({ decision: 'enforced' }, () => ({
        ...about,
        reason: 'enforced-property-drifted',
        severity: 'critical',
        message: `${change}; it is enforced, so the next deployment reverts it`,
      }))
      .with(
        { decision: P.union('adopted', 'suppressed'), weakened: true, property: DELETION_PROTECTION, isFirst: false },
        () => ({
          ...about,
          reason: 'deletion-protection-off',
          severity: 'critical',
          message: `${change}: anybody with access to the provider can delete it now`,
        }),
      )
      .with({ decision: 'announced', weakened: true }, () => ({
        ...about,
        reason: property === DELETION_PROTECTION ? 'deletion-protection-off' : 'posture-weakened',
        severity: 'warning',
        message: `${change}; ${decision.decidedBy} announced it, and it weakens the posture`,
      }))
      // What is enforced and cannot be reverted is never adopted in silence.
      .with({ decision: 'adopted', enforced: true, isFirst: false }, () => ({
        ...about,
        reason: 'enforced-property-drifted',
        severity: weakened ? 'critical' : 'warning',
        message: `${change}; it would be enforced, but the node is not managed: it was adopted`,
      }))
      .with(
        { decision: 'adopted', weakened: true, isFirst: false },
        { decision: 'adopted', weakened: true, enforced: true },
        () => ({
          ...about,
          reason: 'posture-weakened',
          severity: 'warning',
          message: `${change}; it was adopted and weakens the posture`,
        }),
      )
      .otherwise(() => undefined)
  )
}

/** Raises an alert unless the same one is open. */
export function raise(state: EnvironmentState, alert: Alert, newId: () => string): readonly DomainEvent[] {
  for (const open of state.environment.alerts.values()) {
    const isSame =
      open.reason === alert.reason &&
      open.node === alert.node &&
      open.property === alert.property &&
      open.message === alert.message
    if (isSame && open.acknowledged === undefined) return []
  }
  return [{ type: 'AlertRaised', data: { alert: newId(), ...alert } }]
}

/** A value as a message may show it: short, and never what stands for a secret. */
function show(value: MaybeValue): string {
  if (hasNone(value)) return 'unset'
  if (isSecretReference(value)) return 'a secret'
  const text = JSON.stringify(value)
  return text.length <= VALUE_SHOWN ? text : `${text.slice(0, VALUE_SHOWN)}…`
}
