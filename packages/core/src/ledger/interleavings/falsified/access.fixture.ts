import { user } from '../../../access/actor.ts'
import type { Falsified } from './falsifications.fixture.ts'
import { beside, event, moment } from './falsify.fixture.ts'

export const falsifiedAccess: Falsified = [
  [
    'ACCESS 1',
    'nothing allowed it',
    event('DeploymentTriggered', () => ({ metadata: { authorization: undefined } as never })),
  ],
  [
    'ACCESS 1',
    'somebody without a role asks',
    event('ChangeRequested', () => ({ metadata: { actor: user('mallory') } })),
  ],
  [
    'ACCESS 1',
    'a person does what the library does',
    event('StepSucceeded', () => ({ metadata: { actor: user('ada') } })),
  ],
  [
    'ACCESS 2',
    'whoever only claims to be them approves',
    event('DeploymentApproved', ({ metadata: { actor } }, { facts }) =>
      facts.policies.identity === 'authenticated' ? { metadata: { actor: user(actor.id) } } : undefined,
    ),
  ],
  [
    'ACCESS 3',
    'whoever created it is not its Admin',
    event('RoleGranted', (_, { append }) =>
      append.events.some(({ type }) => type === 'EnvironmentCreated') ? { drop: true } : undefined,
    ),
  ],
  [
    'ACCESS 3',
    'the last Admin goes',
    event('RoleGranted', (told, { facts }) => {
      const admins = [...facts.roles].flatMap(([subject, held]) => (held.has('admin') ? [subject] : []))
      const [last] = admins
      if (last === undefined || admins.length > 1) return undefined
      return { before: beside(told, 'RoleRevoked', { subject: last, role: 'admin' }) }
    }),
  ],
  [
    'ACCESS 4',
    'weaker policies hold at once',
    event('EnvironmentPoliciesChanged', ({ data: { policies, proposal } }) =>
      proposal === undefined ? undefined : { data: { policies, proposal: undefined } },
    ),
  ],
  [
    'ACCESS 4',
    'weaker policies hold without enough others',
    event('PolicyChangeApproved', (_, { append }) =>
      append.events.some(({ type }) => type === 'EnvironmentPoliciesChanged') ? { drop: true } : undefined,
    ),
  ],
  [
    'ACCESS 5',
    'who tried is told nowhere',
    moment('append', ({ stream, events }, _, later) => {
      const next = later().find(({ type }) => type === 'command')
      const [noted] = events
      if (stream !== 'activity' || noted?.type !== 'CommandRefused') return undefined
      if (next?.type !== 'command' || next.outcome.status !== 'refused') return undefined
      return next.outcome.code === noted.data.code ? { events: [] } : undefined
    }),
  ],
]
