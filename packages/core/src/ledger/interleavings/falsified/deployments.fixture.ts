import type { Falsified } from './falsifications.fixture.ts'
import { beside, event, eventsOf, moment, planned } from './falsify.fixture.ts'

export const falsifiedDeployments: Falsified = [
  [
    'DEPLOY 14',
    'what nobody keeps current is written',
    planned((_, steps, facts) => {
      const node = [...facts.nodes].find(
        ([id, { alive, ownership }]) =>
          alive && ownership === 'managed' && id.startsWith('sql-instance/') && steps.every((step) => step.node !== id),
      )?.[0]
      if (node === undefined) return undefined
      const origins = [{ type: 'platform-upgrade' as const, properties: ['tier'] }]
      return { node, operation: 'update', phase: 'provision', changes: { tier: 'large' }, origins }
    }),
  ],
  [
    'DEPLOY 14',
    'what is kept current is left behind',
    event('PlanStepsRecorded', ({ data: { steps } }, { facts }) => {
      const kept = steps.find(
        ({ origins, operation, node }) =>
          operation === 'update' &&
          origins.every(({ type }) => type === 'platform-upgrade') &&
          facts.nodes.get(node)?.version === 1 &&
          facts.nodes.get(node)?.properties['network.tlsRequired'] !== undefined,
      )
      return kept === undefined ? undefined : { data: { steps: steps.filter(({ id }) => id !== kept.id) } }
    }),
  ],
  ['DEPLOY 1', 'a deployment names no commit', event('DeploymentTriggered', () => ({ data: { commit: '' } }))],
  [
    'DEPLOY 1',
    'nobody starts one by hand',
    moment('command', ({ told, outcome }) =>
      told.type === 'deploy' && told.isNameless && outcome.status === 'refused'
        ? { outcome: { status: 'done' } }
        : undefined,
    ),
  ],
  ['DEPLOY 2', 'two are under way', event('DeploymentSuperseded', () => ({ drop: true }))],
  [
    'DEPLOY 2',
    'one that runs is superseded',
    event('PhaseStarted', (told) => ({
      after: beside(told, 'DeploymentSuperseded', { deployment: told.data.deployment, by: 'another' }),
    })),
  ],
  ['DEPLOY 3', 'a phase begins before the one before it is complete', event('PhaseCompleted', () => ({ drop: true }))],
  [
    'DEPLOY 3',
    'a step begins before what it needs',
    event('StepSucceeded', ({ data: { deployment, step } }, { facts, later }) => {
      const needing = facts.deployments.get(deployment)?.plan?.steps.filter(({ after }) => after.includes(step)) ?? []
      const begins = eventsOf(later(), 'StepStarted').some(
        ({ data }) => data.deployment === deployment && needing.some(({ id }) => id === data.step),
      )
      return begins ? { drop: true } : undefined
    }),
  ],
  ['DEPLOY 4', 'another plan is approved', event('DeploymentApproved', () => ({ data: { digest: 'another' } }))],
  [
    'DEPLOY 4',
    'a plan begins that nobody approved',
    event('DeploymentApproved', ({ data }, { facts, later }) => {
      const { required, fourEyes, expiresAfterHours } = facts.policies.approvals
      const isPlain = required === 1 && fourEyes !== true && expiresAfterHours === undefined
      const begins = eventsOf(later(), 'PhaseStarted').some((told) => told.data.deployment === data.deployment)
      const others = eventsOf(later(), 'DeploymentApproved').some((told) => told.data.deployment === data.deployment)
      const isOnly = facts.deployments.get(data.deployment)?.plan?.approvals.length === 0 && !others
      return isPlain && begins && isOnly ? { drop: true } : undefined
    }),
  ],
  [
    'DEPLOY 5',
    'a plan does not tell all of its steps',
    event('PlanComputed', ({ data }) => ({ data: { steps: data.steps + 1 } })),
  ],
  [
    'DEPLOY 5',
    'an approval stands although its plan moved',
    event('ApprovalVoided', ({ data }, { append, facts }) => {
      const plan = facts.deployments.get(data.deployment)?.plan
      if (data.expired !== undefined || plan === undefined || plan.approvals.length === 0) return undefined
      const isMoved = append.events.some(
        (told) =>
          told.type === 'EnvironmentPoliciesChanged' ||
          (told.type === 'NodeVersionRecorded' && plan.inputs.has(`node ${told.data.node}`)),
      )
      return isMoved ? { drop: true } : undefined
    }),
  ],
  ['DEPLOY 6', 'one is turned down without a reason', event('DeploymentRejected', () => ({ data: { reason: '' } }))],
  [
    'DEPLOY 6',
    'fewer persons than the quorum approve',
    event('DeploymentApproved', ({ data }, { facts, later }) => {
      const begins = eventsOf(later(), 'PhaseStarted').some((told) => told.data.deployment === data.deployment)
      const others = eventsOf(later(), 'DeploymentApproved').filter(
        (told) => told.data.deployment === data.deployment,
      ).length
      const given = facts.deployments.get(data.deployment)?.plan?.approvals.length ?? 0
      return facts.policies.approvals.required === 2 && given + others + 1 === 2 && begins ? { drop: true } : undefined
    }),
  ],
  ['DEPLOY 7', 'a provider is called without an intent', event('StepStarted', () => ({ drop: true }))],
  [
    'DEPLOY 7',
    'what is put off mints a version',
    event('StepDeferred', (told, { facts }) => {
      const { node, deferred, deployment } = told.data
      const known = facts.nodes.get(node)
      if (known === undefined) return undefined
      const cause = { type: 'deployment' as const, deployment, requests: [] }
      return {
        after: beside(told, 'NodeVersionRecorded', {
          node,
          version: known.version + 1,
          incarnation: known.incarnation,
          set: deferred,
          unset: [],
          cause,
        }),
      }
    }),
  ],
  [
    'DEPLOY 8',
    'one ends while a call is under way',
    event('DeploymentFailed', (told, { facts }) => {
      const intent = [...facts.intents.values()].find(({ deployment }) => deployment === told.data.deployment)
      return intent === undefined ? undefined : { before: beside(told, 'StepStarted', intent) }
    }),
  ],
  [
    'DEPLOY 8',
    'what was made is taken back',
    event('DeploymentFailed', (told, { facts }) => {
      const [node] = facts.deployments.get(told.data.deployment)?.made ?? []
      const known = node === undefined ? undefined : facts.nodes.get(node)
      if (node === undefined || known?.alive !== true) return undefined
      const cause = { type: 'deployment' as const, deployment: told.data.deployment, requests: [] }
      return {
        before: beside(told, 'NodeRetired', {
          node,
          version: known.version + 1,
          incarnation: known.incarnation,
          cause,
          reason: 'removed',
        }),
      }
    }),
  ],
  [
    'DEPLOY 9',
    'nobody holds what runs',
    event('ExecutionClaimed', ({ data }, { facts, later }) => {
      const isFirst =
        data.after === undefined && data.renewal !== true && facts.deployments.get(data.deployment)?.plan === undefined
      const begins = eventsOf(later(), 'StepStarted').some((told) => told.data.deployment === data.deployment)
      const again = eventsOf(later(), 'ExecutionClaimed').some((told) => told.data.deployment === data.deployment)
      return isFirst && begins && !again ? { drop: true } : undefined
    }),
  ],
  [
    'DEPLOY 9',
    'one is taken over from a holder who lives',
    event('ExecutionClaimed', ({ data }, { later }) =>
      data.after !== undefined && later().length > 0 ? { data: { after: data.after - 1 } } : undefined,
    ),
  ],
  [
    'DEPLOY 10',
    'a step begins while an import holds the graph',
    event('StepStarted', (told) => ({
      before: beside(told, 'ImportStarted', {
        import: 'i',
        source: { type: 'test', name: 'state', digest: 'd' },
        nodes: 0,
        edges: 0,
      }),
    })),
  ],
  [
    'DEPLOY 10',
    'a provider is called although the store had failed',
    (tape) => {
      const failed = tape.moments.findIndex(({ type }) => type === 'store-failed')
      const call = tape.moments.findIndex(({ type }, index) => failed >= 0 && index > failed && type === 'call')
      const told = tape.moments[call]
      return told?.type === 'call' ? tape.moments.toSpliced(call, 1, { ...told, key: 'of-nobody' }) : undefined
    },
  ],
  [
    'DEPLOY 11',
    'one commit runs as two models',
    event('DeploymentTriggered', ({ data: { commit, destroys } }, { facts }) =>
      destroys !== true &&
      [...facts.deployments.values()].some(
        ({ triggered }) => triggered.commit === commit && triggered.destroys !== true,
      )
        ? { data: { model: 'another' } }
        : undefined,
    ),
  ],
  [
    'DEPLOY 11',
    'the images of a commit are not rolled out',
    event('PlanStepsRecorded', ({ data }, { facts }) => {
      const index = data.steps.findIndex(
        ({ node, operation, changes }) =>
          operation === 'update' &&
          node.startsWith('service/') &&
          changes['image'] !== undefined &&
          !facts.standing.has(`${node}|image`),
      )
      const step = data.steps[index]
      if (step === undefined) return undefined
      return { data: { steps: data.steps.toSpliced(index, 1, { ...step, changes: {} }) } }
    }),
  ],
  [
    'DEPLOY 12',
    'another runtime is recorded',
    event('DeploymentTriggered', ({ data: { runtime } }) =>
      runtime === undefined ? undefined : { data: { runtime: { ...runtime, version: '1' } } },
    ),
  ],
  [
    'DEPLOY 12',
    'a pin without a digest is taken',
    moment('command', ({ told, outcome }) =>
      told.type === 'deploy' &&
      told.runtime?.pinned === true &&
      told.runtime.baseImageDigest === undefined &&
      outcome.status === 'refused'
        ? { outcome: { status: 'done' } }
        : undefined,
    ),
  ],
  [
    'DEPLOY 13',
    'approval is skipped, and nobody is alerted',
    event('AlertRaised', ({ data }) => (data.reason === 'emergency-deployment' ? { drop: true } : undefined)),
  ],
  [
    'DEPLOY 13',
    'whoever skipped approval reviews it',
    event('DeploymentReviewed', ({ data }, { facts }) => {
      const by = facts.deployments.get(data.deployment)?.by
      return by === undefined ? undefined : { metadata: { actor: by } }
    }),
  ],
]
