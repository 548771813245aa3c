import type { Falsified } from './falsifications.fixture.ts'
import { beside, event, eventsOf, moment } from './falsify.fixture.ts'

export const falsifiedEnding: Falsified = [
  [
    'PROTECT 1',
    'another graph version was read',
    event('DestructionConfirmed', ({ data }) =>
      data.phraseHash === undefined ? undefined : { data: { graphVersion: data.graphVersion + 1 } },
    ),
  ],
  ['PROTECT 1', 'something else was typed', event('EnvironmentDeleted', () => ({ data: { phraseHash: 'another' } }))],
  [
    'PROTECT 1',
    'a slip is let through',
    moment('command', ({ told, outcome }) =>
      outcome.status === 'refused' && outcome.code === 'challenge-mismatch' && told.type !== 'create-environment'
        ? { outcome: { status: 'done' } }
        : undefined,
    ),
  ],
  [
    'PROTECT 5',
    'a list leaves out what is protected',
    moment('command', ({ outcome }) =>
      outcome.status === 'refused' &&
      outcome.code === 'environment-protected' &&
      outcome.message.includes('nobody has confirmed')
        ? { outcome: { ...outcome, details: {} } }
        : undefined,
    ),
  ],
  [
    'PROTECT 5',
    'what is not given up is destroyed',
    event('DeletionConfirmed', ({ data: { node } }, { facts, later }) => {
      const [destroyed] = eventsOf(later(), 'DestructionConfirmed')
      const again = eventsOf(later(), 'DeletionConfirmed').some(({ data }) => data.node === node)
      return destroyed !== undefined &&
        !again &&
        facts.type !== 'preview' &&
        !facts.confirmations.has(node) &&
        facts.nodes.get(node)?.ownership === 'managed'
        ? { drop: true }
        : undefined
    }),
  ],
  [
    'PROTECT 9',
    'something else is decided meanwhile',
    event('StepStarted', (told, { facts }) =>
      facts.ending === 'destroying'
        ? { before: beside(told, 'NodeManaged', { node: told.data.node, reason: 'ours' }) }
        : undefined,
    ),
  ],
  [
    'PROTECT 9',
    'something of ours is left',
    event('NodeRetired', ({ data }, { facts, later }) =>
      facts.ending === 'destroying' &&
      facts.nodes.get(data.node)?.ownership === 'managed' &&
      eventsOf(later(), 'EnvironmentDestroyed').length > 0
        ? { drop: true }
        : undefined,
    ),
  ],
  [
    'PROTECT 10',
    'what was deleted is listed',
    moment('answers', (_, { ending }) => (ending === 'deleted' ? { environments: ['prod'] } : undefined)),
  ],
  [
    'PROTECT 10',
    'a name is given again',
    moment('command', ({ told, outcome }, { ending }) =>
      told.type === 'create-environment' && ending === 'deleted' && outcome.status === 'refused'
        ? { outcome: { status: 'done' } }
        : undefined,
    ),
  ],
  [
    'PROTECT 11',
    'an environment that is no preview goes without a challenge',
    event('DestructionConfirmed', ({ data: { phraseHash, ...data } }, { facts }) =>
      phraseHash !== undefined && facts.type !== 'preview' ? { data: { ...data, phraseHash: undefined } } : undefined,
    ),
  ],
]
