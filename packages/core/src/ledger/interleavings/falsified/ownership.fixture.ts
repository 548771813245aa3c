import { kindOf } from '../../../graph/ids.ts'
import type { NodeId } from '../../../graph/ids.ts'
import type { Facts } from '../rules/facts.fixture.ts'
import type { Falsified } from './falsifications.fixture.ts'
import { beside, event, moment, planned, stepOf } from './falsify.fixture.ts'

/** A living node that is not ours. */
function observedIn({ nodes }: Facts): NodeId | undefined {
  for (const [id, { alive, ownership }] of nodes) if (alive && ownership === 'observed') return id
  return undefined
}

export const falsifiedOwnership: Falsified = [
  [
    'OWN 1',
    'a plan writes what is only observed',
    event('StepStarted', ({ data }, { facts }) => {
      const node = observedIn(facts)
      return data.operation === 'create' || node === undefined ? undefined : { data: { node } }
    }),
  ],
  [
    'OWN 2',
    'a deletion is confirmed before anything says what is used',
    event('DeploymentTriggered', (told, { facts }) => {
      const data = {
        node: 'bucket/receipts',
        incarnation: 1,
        lossAcknowledged: true,
        automatedBackupsToo: false,
        reason: 'no',
      } as const
      return facts.deployed === undefined ? { after: beside(told, 'DeletionConfirmed', data) } : undefined
    }),
  ],
  [
    'OWN 3',
    'what is of an unknown kind goes without a word',
    planned((_, __, facts) => {
      for (const [node, { alive, ownership }] of facts.nodes)
        if (
          alive &&
          ownership === 'managed' &&
          facts.kinds.find(kindOf(node)) === undefined &&
          !facts.confirmations.has(node)
        )
          return { node, operation: 'remove' }
      return undefined
    }),
  ],
  [
    'OWN 4',
    'a need is given what nobody bound it to',
    event('EdgeVersionRecorded', ({ data: { kind, cause } }, { facts }) => {
      const to = observedIn(facts)
      return kind === 'satisfied-by' && cause.type === 'deployment' && to !== undefined ? { data: { to } } : undefined
    }),
  ],
  [
    'OWN 4',
    'something is made beside what may be meant',
    event('DeploymentFailed', (told, { facts }) => {
      const { deployment, reason } = told.data
      if (!reason.startsWith('bind these needs')) return undefined
      const { model = '' } = facts.deployments.get(deployment)?.triggered ?? {}
      const node = [...(facts.models.get(model)?.keys() ?? [])].find(
        (one) => reason.includes(`${one} could be`) && facts.nodes.get(one)?.alive !== true,
      )
      if (node === undefined) return undefined
      const steps = [stepOf({ node, operation: 'create' })]
      const plan = {
        deployment,
        digest: 'd',
        graphVersion: 1,
        model,
        steps: 1,
        infrastructureSteps: 1,
        parts: 1,
        requests: [],
      }
      return {
        before: [
          beside(told, 'PlanStepsRecorded', { deployment, digest: 'd', part: 1, steps }),
          beside(told, 'PlanComputed', plan),
        ],
      }
    }),
  ],
  [
    'OWN 5',
    'what is not ours is enforced',
    event('DriftDetected', ({ data: { node, decisions } }, { facts }) => {
      const isAdopted = decisions.some(({ decision }) => decision === 'adopted')
      if (facts.nodes.get(node)?.ownership !== 'observed' || !isAdopted) return undefined
      return { data: { decisions: decisions.map((one) => ({ ...one, decision: 'enforced' })) } }
    }),
  ],
  [
    'OWN 6',
    'a scan is refused for what it saw',
    moment('command', ({ told, outcome }) =>
      told.type === 'reconcile' && outcome.status === 'done'
        ? { outcome: { status: 'refused', code: 'confirmation-refused', message: 'it is protected', details: {} } }
        : undefined,
    ),
  ],
  [
    'OWN 7',
    'a grant allows more than is used',
    event('NodeVersionRecorded', ({ data }) =>
      kindOf(data.node) === 'grant' && data.set['service'] !== undefined
        ? { data: { set: { ...data.set, operations: ['drop'] } } }
        : undefined,
    ),
  ],
  [
    'OWN 8',
    'a grant made by hand is alerted and not recorded',
    event('NodeVersionRecorded', ({ data }, { append }) =>
      append.events.some(
        ({ type, data: told }) =>
          type === 'AlertRaised' && 'reason' in told && told.reason === 'extra-grant-found' && told.node === data.node,
      )
        ? { drop: true }
        : undefined,
    ),
  ],
]
