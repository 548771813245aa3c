import { user } from '../../../access/actor.ts'
import { kindOf } from '../../../graph/ids.ts'
import type { Falsified } from './falsifications.fixture.ts'
import { event, eventsOf, moment } from './falsify.fixture.ts'

export const falsifiedChanges: Falsified = [
  [
    'CHANGE 1',
    'what nobody can set is asked for',
    event('ChangeRequested', ({ data }, { facts }) =>
      facts.kinds.find(kindOf(data.node)) === undefined ? undefined : { data: { set: { ...data.set, teir: 'large' } } },
    ),
  ],
  [
    'CHANGE 1',
    'what cannot change in place is taken',
    moment('command', ({ told, outcome }) =>
      told.type === 'request' &&
      outcome.status === 'refused' &&
      outcome.code === 'replacement-required' &&
      Object.keys(told.set).length === 1
        ? { outcome: { status: 'done' } }
        : undefined,
    ),
  ],
  [
    'CHANGE 2',
    'an impact is told that nobody stated',
    event('ChangeRequested', () => ({ data: { impact: 'replace' as const } })),
  ],
  [
    'CHANGE 2',
    'an interruption is taken that nobody acknowledged',
    event('ChangeRequested', ({ data }) =>
      data.impact === 'downtime' ? { data: { downtimeAcknowledged: false } } : undefined,
    ),
  ],
  [
    'CHANGE 3',
    'two requests wait for one property',
    event('ChangeRequested', (_, { facts }) => {
      const first = [...facts.requests.values()].find(({ status }) => status === 'pending')
      return first === undefined ? undefined : { data: { node: first.node, set: first.set } }
    }),
  ],
  [
    'CHANGE 3',
    'the second is not told whose the first is',
    moment('command', ({ outcome }) =>
      outcome.status === 'refused' && outcome.code === 'change-conflicting'
        ? { outcome: { ...outcome, message: 'no' } }
        : undefined,
    ),
  ],
  [
    'CHANGE 4',
    'a deployment applies what its plan does not have',
    event('ChangeApplied', () => ({ data: { deployment: 'another' } })),
  ],
  [
    'CHANGE 4',
    'a plan leaves what is due',
    event('PlanComputed', ({ data }, { facts }) => {
      const { triggered } = facts.deployments.get(data.deployment) ?? {}
      return triggered?.requests === 'due' && data.requests.length > 0 ? { data: { requests: [] } } : undefined
    }),
  ],
  [
    'CHANGE 5',
    'a wish is forgotten',
    moment('answers', ({ requests }) => (requests.length > 0 ? { requests: requests.slice(1) } : undefined)),
  ],
  [
    'CHANGE 6',
    'somebody else takes a wish back',
    event('ChangeWithdrawn', () => ({ metadata: { actor: user('mallory') } })),
  ],
  [
    'CHANGE 7',
    'a wish counts as fulfilled that is not',
    event('ChangeRequested', ({ data }, { later }) => {
      const isFulfilled = [...eventsOf(later(), 'ChangeApplied'), ...eventsOf(later(), 'ChangeConverged')].some(
        (told) => told.data.request === data.request,
      )
      return isFulfilled
        ? { data: { set: Object.fromEntries(Object.keys(data.set).map((property) => [property, 'never'])) } }
        : undefined
    }),
  ],
  [
    'CHANGE 8',
    'a plan takes a wish before its time',
    event('PlanComputed', ({ data }, { facts }) => {
      const early = [...facts.requests.values()].find(
        ({ status, when }) =>
          status === 'pending' &&
          when.type === 'not-before' &&
          Date.parse(when.at) > Date.parse(facts.now) + 86_400_000,
      )
      return early === undefined ? undefined : { data: { requests: [...data.requests, early.request] } }
    }),
  ],
  [
    'CHANGE 8',
    'what interrupts rides along at once',
    event('ChangeRequested', ({ data: { impact, when } }, { later }) => {
      const command = later().find(({ type }) => type === 'command')
      const isUnsaid = command?.type === 'command' && command.told.type === 'request' && command.told.when === undefined
      const isHard = impact === 'downtime' || impact === 'restart'
      return isHard && isUnsaid && when.type === 'maintenance-window'
        ? { data: { when: { type: 'next-deployment' as const } } }
        : undefined
    }),
  ],
]
