import { refKey } from '../../../cloud/provider-ref.ts'
import type { EventData } from '../../../environment/catalogue.ts'
import { nodeOfRef, truthOf } from '../rules/facts.fixture.ts'
import { isExtraGrant } from '../rules/plans.fixture.ts'
import type { Falsified } from './falsifications.fixture.ts'
import { beside, event, eventsOf, moment, planned } from './falsify.fixture.ts'
import type { Falsify } from './falsify.fixture.ts'

type Decision = EventData<'DriftDetected'>['decisions'][number]

/** Falsifies a decision of one kind; extra grants are a matter of their own. */
function decided(kind: Decision['decision'], change: (decision: Decision) => Partial<Decision> | undefined): Falsify {
  return event('DriftDetected', ({ data: { node, decisions } }, { facts }) => {
    if (isExtraGrant(node) || facts.nodes.get(node)?.ownership !== 'managed') return undefined
    const index = decisions.findIndex((one) => one.decision === kind)
    const found = decisions[index]
    const changed = found === undefined ? undefined : change(found)
    return found === undefined || changed === undefined
      ? undefined
      : { data: { decisions: decisions.toSpliced(index, 1, { ...found, ...changed }) } }
  })
}

export const falsifiedDrift: Falsified = [
  [
    'DRIFT 1',
    'what churns by itself is drift',
    event('DriftDetected', ({ data: { node, decisions } }, { facts }) => {
      const ref = facts.nodes.get(node)?.ref
      const volatile = ref === undefined ? undefined : facts.readings.get(refKey(ref))?.volatile[0]
      const [first] = decisions
      return volatile === undefined || first === undefined
        ? undefined
        : { data: { decisions: [...decisions, { ...first, property: volatile }] } }
    }),
  ],
  [
    'DRIFT 2',
    'the same is a difference',
    decided('adopted', ({ observed }) => (observed === undefined ? undefined : { recorded: observed })),
  ],
  [
    'DRIFT 3',
    'what is adopted is recorded nowhere',
    event('NodeVersionRecorded', ({ data: { cause, ref } }, { append }) =>
      cause.type === 'drift' && ref === undefined && append.events.some(({ type }) => type === 'DriftDetected')
        ? { drop: true }
        : undefined,
    ),
  ],
  [
    'DRIFT 3',
    'what is adopted never was',
    decided('adopted', ({ observed }) => (typeof observed === 'string' ? { observed: 'never' } : undefined)),
  ],
  [
    'DRIFT 4',
    'what a request waits for is adopted',
    decided('suppressed', ({ request }) => (request === undefined ? undefined : { decision: 'adopted' })),
  ],
  ['DRIFT 5', 'a request converges on another value', decided('converged', () => ({ observed: 'never' }))],
  ['DRIFT 6', 'what nobody put off is in flight', decided('adopted', () => ({ decision: 'in-flight' }))],
  ['DRIFT 7', 'what is enforced is adopted', decided('enforced', () => ({ decision: 'adopted' }))],
  [
    'DRIFT 7',
    'what is enforced drifts without an alert',
    event('AlertRaised', ({ data: { reason, node, property } }, { append }) => {
      const isEnforced = append.events.some(
        ({ type, data }) =>
          type === 'DriftDetected' &&
          'decisions' in data &&
          data.node === node &&
          data.decisions.some((one) => one.property === property && one.decision === 'enforced'),
      )
      return reason === 'enforced-property-drifted' && isEnforced ? { drop: true } : undefined
    }),
  ],
  [
    'DRIFT 8',
    'the posture is weakened without an alert',
    event('AlertRaised', ({ data }) =>
      data.reason === 'deletion-protection-off' || data.reason === 'posture-weakened' ? { drop: true } : undefined,
    ),
  ],
  [
    'DRIFT 9',
    'something is gone, and nobody is alerted',
    event('AlertRaised', ({ data }) => (data.reason === 'resource-missing' ? { drop: true } : undefined)),
  ],
  [
    'DRIFT 10',
    'what is there is told to be missing',
    event('ObservationCompleted', (told, { facts }) => {
      if (facts.late) return undefined
      for (const [node, { alive, ref }] of facts.nodes)
        if (alive && ref !== undefined && truthOf(facts, ref) !== undefined)
          return { before: beside(told, 'ResourceMissing', { observation: told.data.observation, node, ref }) }
      return undefined
    }),
  ],
  [
    'DRIFT 11',
    'a second scan finds something',
    moment('second-scan', ({ events }) => ({ events: ['DriftDetected', ...events] })),
  ],
  [
    'DRIFT 12',
    'what a request held back is forgotten with it',
    event('DriftDetected', (_, { append }) =>
      append.events.some(({ type }) => type === 'ChangeWithdrawn' || type === 'ChangeRejected')
        ? { drop: true }
        : undefined,
    ),
  ],
  [
    'DRIFT 13',
    'somebody is named who did nothing',
    event('DriftAttributed', ({ data: { principal } }) =>
      principal === 'unknown' ? undefined : { data: { principal: { type: 'user' as const, id: 'nobody' } } },
    ),
  ],
  [
    'DRIFT 14',
    'what a node is counts as unmanaged',
    event('UnmanagedResourceDiscovered', (_, { facts }) => {
      for (const { alive, ref } of facts.nodes.values())
        if (alive && ref !== undefined && nodeOfRef(facts, ref) !== undefined) return { data: { ref } }
      return undefined
    }),
  ],
  [
    'DRIFT 15',
    'what only grows is made smaller',
    event('StepStarted', ({ data }) =>
      data.operation === 'update' && data.node.startsWith('sql-instance/')
        ? { data: { changes: { 'storage.gib': 5 }, expected: { 'storage.gib': 20 } } }
        : undefined,
    ),
  ],
  ['DRIFT 16', 'a whim decides', decided('enforced', () => ({ decidedBy: 'a whim' }))],
  [
    'DRIFT 16',
    'what no policy says is ignored',
    decided('adopted', () => ({ decision: 'ignored', decidedBy: 'a whim' })),
  ],
  [
    'DRIFT 17',
    'an answer from before decides',
    event('ObservationCompleted', ({ data: { counts } }) =>
      counts.adopted + counts.missing > 0 ? { data: { startedRevision: 0 } } : undefined,
    ),
  ],
  [
    'DRIFT 18',
    'what was adopted is written over',
    planned((id, _, facts) => {
      const declared = facts.models.get(facts.deployments.get(id)?.triggered.model ?? '')
      const before = facts.models.get(facts.deployed ?? '')
      for (const { node, properties } of declared?.values() ?? []) {
        const known = facts.nodes.get(node)
        if (
          known?.alive !== true ||
          known.ownership !== 'managed' ||
          facts.compareAgain.has(node) ||
          facts.bindings.has(node) ||
          facts.missing.has(node)
        )
          continue
        for (const [property, value] of Object.entries(properties)) {
          const isSame = JSON.stringify(before?.get(node)?.properties[property]) === JSON.stringify(value)
          const isPlain = typeof value === 'boolean' || property === 'image' || property === 'tier'
          if (isSame && isPlain && JSON.stringify(known.properties[property]) !== JSON.stringify(value))
            return {
              node,
              operation: 'update',
              phase: 'provision',
              changes: { [property]: value },
              origins: [{ type: 'code', properties: [property] }],
            }
        }
      }
      return undefined
    }),
  ],
  [
    'DRIFT 19',
    'a scan tells of more than it decided',
    event('ObservationCompleted', ({ data: { counts } }) => ({
      data: { counts: { ...counts, adopted: counts.adopted + 1 } },
    })),
  ],
  [
    'DRIFT 19',
    'what nobody looked at was observed',
    moment('answers', ({ nodes }) =>
      nodes.some(({ lastObservedAt }) => lastObservedAt === 'never')
        ? { nodes: nodes.map((node) => ({ ...node, lastObservedAt: '2026-03-02T09:00:00.000Z' })) }
        : undefined,
    ),
  ],
  [
    'DRIFT 20',
    'somebody is told to have done what another did',
    event('ActivityObserved', () => ({ data: { principal: { type: 'user' as const, id: 'nobody' } } })),
  ],
  [
    'DRIFT 20',
    'what somebody did is recorded nowhere',
    event('ActivityObserved', ({ data: { activity, node } }, { facts, later }) => {
      if (activity.at <= (facts.knownSince.get(node) ?? activity.at)) return undefined
      const isAgain = eventsOf(later(), 'DriftAttributed').some(({ data }) => data.activity?.id === activity.id)
      const isGone = eventsOf(later(), 'NodeRetired').some(({ data }) => data.node === node)
      return !isAgain && !isGone && later().some(({ type }) => type === 'second-scan') ? { drop: true } : undefined
    }),
  ],
]
