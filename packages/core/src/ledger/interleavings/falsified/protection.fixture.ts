import type { Falsified } from './falsifications.fixture.ts'
import { event, eventsOf, moment, planned } from './falsify.fixture.ts'

export const falsifiedProtection: Falsified = [
  [
    'PROTECT 2',
    'what holds data goes without a word',
    event('DeletionConfirmed', ({ data: { node } }, { facts, later }) => {
      if (facts.type === 'preview') return undefined
      const goes = eventsOf(later(), 'StepStarted').some(
        ({ data }) => data.node === node && data.operation === 'remove',
      )
      const again = eventsOf(later(), 'DeletionConfirmed').some(({ data }) => data.node === node)
      return goes && !again ? { drop: true } : undefined
    }),
  ],
  [
    'PROTECT 2',
    'a word counts although the thing is used again',
    event('DeletionConfirmationVoided', ({ data }) => (data.reason === 'used-again' ? { drop: true } : undefined)),
  ],
  [
    'PROTECT 3',
    'what the code declares goes',
    planned((id, _, facts) => {
      const [node] = facts.models.get(facts.deployments.get(id)?.triggered.model ?? '')?.keys() ?? []
      return node === undefined ? undefined : { node, operation: 'remove' }
    }),
  ],
  [
    'PROTECT 3',
    'somebody may confirm that what is declared goes',
    moment('command', ({ told, outcome }, facts) =>
      told.type === 'confirm' &&
      !told.forDestruction &&
      outcome.status === 'refused' &&
      facts.models.get(facts.deployed ?? '')?.has(told.node) === true
        ? { outcome: { status: 'done' } }
        : undefined,
    ),
  ],
  [
    'PROTECT 4',
    'something is made unprotected',
    event('StepStarted', ({ data }, { facts }) =>
      data.operation === 'create' && data.node.startsWith('sql-instance/') && facts.type !== 'preview'
        ? { data: { changes: { ...data.changes, deletionProtection: false } } }
        : undefined,
    ),
  ],
  [
    'PROTECT 4',
    'protection is switched off by us',
    event('StepStarted', ({ data }) =>
      data.operation === 'update' ? { data: { changes: { deletionProtection: false } } } : undefined,
    ),
  ],
  [
    'PROTECT 6',
    'no copy is kept of what goes',
    moment('call', ({ operation, key, world }, facts) =>
      operation === 'remove' && facts.intents.get(key)?.node.startsWith('sql-') === true && facts.type !== 'preview'
        ? { world: { ...world, copies: [] } }
        : undefined,
    ),
  ],
  [
    'PROTECT 6',
    'what goes holds something',
    moment('call', ({ operation, key, world }, facts) =>
      operation === 'remove' && facts.intents.get(key)?.node.startsWith('bucket/') === true && facts.type !== 'preview'
        ? { world: { ...world, resources: world.resources.map((one) => ({ ...one, empty: false })) } }
        : undefined,
    ),
  ],
  [
    'PROTECT 7',
    'what is unused goes before the new version runs',
    event('PlanStepsRecorded', ({ data }) =>
      data.steps.some(({ operation }) => operation === 'remove')
        ? {
            data: {
              steps: data.steps.map((step) => (step.operation === 'remove' ? { ...step, phase: 'deploy' } : step)),
            },
          }
        : undefined,
    ),
  ],
  [
    'PROTECT 7',
    'what is unused and holds nothing stays',
    event('PlanStepsRecorded', ({ data }) => {
      const flag = data.steps.find(
        ({ operation, node }) =>
          operation === 'remove' && (node.startsWith('feature-flag/') || node.startsWith('runbook/')),
      )
      return flag === undefined ? undefined : { data: { steps: data.steps.filter(({ id }) => id !== flag.id) } }
    }),
  ],
  [
    'PROTECT 8',
    'something is removed and made again',
    planned((_, steps) => {
      const removed = steps.find(({ operation }) => operation === 'remove')
      return removed === undefined ? undefined : { node: removed.node, operation: 'create' }
    }),
  ],
]
