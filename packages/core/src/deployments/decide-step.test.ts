import { describe, expect, test } from 'vitest'
import { deployed, environment, made } from '../planning/planning.fixture.ts'
import { adopted, grace, observed, requested, standing } from '../planning/situations.fixture.ts'
import { decideDeployment } from './decide.ts'
import { ada, current, readBack, running } from './deployments.fixture.ts'

const main = 'sql-instance/main' as const
const days = 'backup.retentionDays'
const instance = (properties: object) => ({ services: [], needs: [{ node: main, properties: { ...properties } }] })
const update = `update:${main}`
const start = (deployment: string, step = update) => ({ type: 'start-step', deployment, step }) as const

function begun(declared: object = { [days]: 14 }, before: object = { [days]: 7 }) {
  const story = environment()
  deployed(story, instance(before), made(main, { ...before }))
  const deployment = running(story, instance(declared))
  return { story, deployment }
}

const finish = (deployment: string, observation: ReturnType<typeof readBack> | null, deferred = {}) =>
  ({ type: 'finish-step', deployment, step: update, observation, deferred }) as const

describe('the intent', () => {
  test('DEPLOY 7: names key, changes and what must be there before; it is recorded once', () => {
    const { story, deployment } = begun()
    story.when(decideDeployment, start(deployment)).then({
      type: 'StepStarted',
      data: { attempt: 1, idempotencyKey: `d2/${update}`, changes: { [days]: 14 }, expected: { [days]: 7 } },
    })
    story.when(decideDeployment, start(deployment)).thenRejected('deployment-in-progress')
  })

  test('DEPLOY 7: comes after the steps that it needs, and never from a deployment that has ended', () => {
    const story = environment()
    const deployment = running(story, {
      services: [],
      needs: ['network/a', { node: 'network/b', dependsOn: ['network/a'] }],
    })
    story.when(decideDeployment, start(deployment, 'create:network/b')).thenRejected('deployment-in-progress')
    story.given({ type: 'DeploymentFailed', data: { deployment, reason: 'x' } })
    story.when(decideDeployment, start(deployment, 'create:network/a')).thenRejected('deployment-ended')
  })

  test('DEPLOY 10: is refused while an import holds the graph, for its outcome could not be recorded', () => {
    const { story, deployment } = begun()
    const source = { type: 'terraform', name: 'state', digest: 'd' }
    story.given({ type: 'ImportStarted', data: { import: 'i1', source, nodes: 1, edges: 0 } })
    story.when(decideDeployment, start(deployment)).thenRejected('import-in-progress')
  })

  test('DEPLOY 7: is refused for what somebody retired, or imported, since it was planned', () => {
    const { story, deployment } = begun()
    const place = { version: 2, incarnation: 1 }
    const cause = { type: 'repair', reason: 'gone' } as const
    story.given({ type: 'NodeRetired', data: { node: main, ...place, cause, reason: 'vanished' } })
    story.when(decideDeployment, start(deployment)).thenRejected('node-retired')

    const other = environment()
    const second = running(other, { services: [], needs: ['bucket/receipts'] })
    other.given(observed(made('bucket/receipts', {})))
    other
      .when(decideDeployment, start(second, 'create:bucket/receipts'))
      .thenRejected('node-observed', { node: 'bucket/receipts' })
  })

  test('DEPLOY 7: is not refused for drift that was adopted meanwhile: the provider compares', () => {
    const { story, deployment } = begun()
    adopted(story, main, { tier: 'large' })
    story.when(decideDeployment, start(deployment)).then({ type: 'StepStarted' })
  })
})

describe('the outcome', () => {
  test('DEPLOY 7: is the version read back, in one append; told again, it is nothing', () => {
    const { story, deployment } = begun()
    story.and(decideDeployment, start(deployment))
    const outcome = finish(deployment, readBack(story, main, { [days]: 14 }))
    story.when(decideDeployment, outcome).then(
      {
        type: 'NodeVersionRecorded',
        data: { node: main, set: { [days]: 14 }, cause: { type: 'deployment', deployment, step: update } },
      },
      { type: 'StepSucceeded', data: { deployment, step: update } },
    )
    story.when(decideDeployment, outcome).thenNothing()
  })

  test('DEPLOY 7: without an intent there is none', () => {
    const { story, deployment } = begun()
    story.when(decideDeployment, finish(deployment, null)).thenRejected('deployment-not-active')
  })

  test('DEPLOY 7: what is read back as unset is recorded so', () => {
    const label = 'labels["team"]'
    const story = environment()
    const bucket = 'bucket/receipts' as const
    const model = (properties: object) => ({ services: [], needs: [{ node: bucket, properties: { ...properties } }] })
    deployed(story, model({ [label]: 'core' }), made(bucket, { [label]: 'core' }))
    const deployment = running(story, model({}))
    const step = `update:${bucket}`
    story.and(decideDeployment, start(deployment, step))
    story
      .when(decideDeployment, { ...finish(deployment, readBack(story, bucket, {})), step })
      .thenAmong({ type: 'NodeVersionRecorded', data: { set: {}, unset: [label] } })
  })

  test('DEPLOY 7, CHANGE 5: what the provider puts off mints no version and applies no request', () => {
    const { story, deployment } = (() => {
      const given = environment()
      deployed(given, instance({}), made(main, { tier: 'small', [days]: 7 }))
      given.given(requested('r1', main, { tier: 'large', [days]: 14 }), grace)
      return { story: given, deployment: running(given, instance({})) }
    })()
    story.and(decideDeployment, start(deployment))
    story
      .when(
        decideDeployment,
        finish(deployment, readBack(story, main, { tier: 'small', [days]: 14 }), { tier: 'large' }),
      )
      .then(
        { type: 'NodeVersionRecorded', data: { set: { [days]: 14 } } },
        { type: 'StepDeferred', data: { deferred: { tier: 'large' } } },
        { type: 'ChangeApplied', data: { request: 'r1', properties: [days] } },
      )
    expect(story.state.deployments.deferred.get(main)?.get('tier')).toMatchObject({ value: 'large', deployment })
  })

  test('DRIFT 7: a reversal says that the difference is gone, so that no later plan reverses it again', () => {
    const story = environment()
    deployed(story, instance({}), made(main, { 'network.publicAccess': false }))
    const difference = { property: 'network.publicAccess', recorded: false, observed: true }
    story.given(standing(main, { ...difference, decision: 'enforced' }))
    const deployment = running(story, instance({}))
    story.and(decideDeployment, start(deployment))
    story
      .when(decideDeployment, finish(deployment, readBack(story, main, { 'network.publicAccess': false })))
      .then(
        { type: 'StepSucceeded' },
        { type: 'DriftDetected', data: { decisions: [{ property: 'network.publicAccess', decision: 'resolved' }] } },
      )
    expect(story.state.drift.open.size).toBe(0)
  })
})

describe('the end', () => {
  test('DEPLOY 8: no deployment ends while the outcome of a call is open', () => {
    const { story, deployment } = begun()
    story.and(decideDeployment, start(deployment))
    story
      .when(decideDeployment, { type: 'fail-deployment', deployment, reason: 'x' })
      .thenRejected('deployment-in-progress')
    const failure = { outcome: 'refused', code: 'cloud-refused', message: 'no' } as const
    story.and(decideDeployment, { type: 'fail-step', deployment, step: update, ...failure })
    story
      .when(decideDeployment, { type: 'fail-deployment', deployment, reason: 'x'.repeat(10_000) })
      .then({ type: 'DeploymentFailed' })
  })

  test('DEPLOY 8: a cancellation that comes during a call waits for its outcome; until then no step begins, and nobody else is asked', () => {
    const { story, deployment } = begun()
    const cancel = { type: 'cancel-deployment', deployment, reason: 'x' } as const
    story.and(decideDeployment, start(deployment))
    story.when(decideDeployment, cancel, ada).then({ type: 'CancellationRequested', data: { reason: 'x' } })
    story.when(decideDeployment, cancel, ada).thenNothing()
    const failure = { outcome: 'retryable', code: 'cloud-retryable', message: 'later' } as const
    story.and(decideDeployment, { type: 'fail-step', deployment, step: update, ...failure })
    story.when(decideDeployment, start(deployment)).thenNothing()
    story
      .when(decideDeployment, { ...cancel, reason: 'y' })
      .then({ type: 'DeploymentCancelled', data: { reason: 'x' } })
  })

  test('DEPLOY 3: it succeeds when its three phases are complete, and a phase when all its steps have a good outcome', () => {
    const { story, deployment } = begun()
    const phase = (type: 'start-phase' | 'complete-phase', name: 'provision' | 'deploy' | 'cleanup') =>
      ({ type, deployment, phase: name }) as const
    story.when(decideDeployment, phase('complete-phase', 'provision')).thenRejected('deployment-not-active')
    story.when(decideDeployment, phase('start-phase', 'cleanup')).thenRejected('deployment-not-active')
    story.and(decideDeployment, start(deployment))
    story.and(decideDeployment, finish(deployment, readBack(story, main, { [days]: 14 })))
    story.when(decideDeployment, { type: 'finish-deployment', deployment }).thenRejected('deployment-not-active')
    story.and(decideDeployment, phase('complete-phase', 'provision'))
    for (const name of ['deploy', 'cleanup'] as const)
      story.and(decideDeployment, phase('start-phase', name)).and(decideDeployment, phase('complete-phase', name))
    story.when(decideDeployment, { type: 'finish-deployment', deployment }).then({ type: 'DeploymentSucceeded' })
    expect(() => current(story)).toThrow('no deployment')
  })
})
