import { expect, test } from 'vitest'
import { user } from '../access/actor.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { EVENT_LIMITS } from '../event-store/event-store.ts'
import { context, deployed, environment, made } from '../planning/planning.fixture.ts'
import { decideDeployment } from './decide.ts'
import { deploymentEvents } from './events.ts'
import { ada, current, planned, running } from './deployments.fixture.ts'
import { voidedBy } from './void.ts'

const main = 'sql-instance/main' as const
const days = (value: number) => ({
  services: [],
  needs: [{ node: main, properties: { 'backup.retentionDays': value } }],
})

/** That an event may be recorded: its schema takes it, and it fits one event. */
function expectRecordable(event: DomainEvent | undefined): void {
  const type = event?.type as keyof typeof deploymentEvents
  expect(deploymentEvents[type].safeParse(event?.data).error).toBeUndefined()
  expect(Buffer.byteLength(JSON.stringify(event?.data))).toBeLessThan(EVENT_LIMITS.eventBytes)
}

test('DEPLOY 6: however many approvals with however long names expire at once, that is told in one event', () => {
  const story = environment()
  const approvals = { required: 20, expiresAfterHours: 1 }
  story.given({ type: 'EnvironmentPoliciesChanged', data: { policies: { approvals, drift: [] } } })
  const deployment = planned(story, { services: [], needs: ['topic/sales'] })
  const digest = current(story).plan?.digest ?? ''
  for (let person = 0; person < 19; person++)
    story.and(
      decideDeployment,
      { type: 'approve-deployment', deployment, digest },
      { by: user(`${person}-${'x'.repeat(250)}`), at: '2026-01-05T12:00:00.000Z' },
    )
  const plan = { type: 'plan-deployment', deployment } as const
  const decision = decideDeployment(story.state, plan, context('2026-01-05T14:00:00.000Z'))
  expect(decision).toMatchObject({ type: 'accepted', events: [{ type: 'ApprovalVoided' }] })
  if (decision.type === 'accepted') expectRecordable(decision.events[0])
})

test('DEPLOY 5: however much the inputs that moved say, what moved is told in one event', () => {
  const story = environment({ approvals: 1 })
  const deployment = planned(story, { services: [], needs: ['topic/sales'] })
  const digest = current(story).plan?.digest ?? ''
  story.and(decideDeployment, { type: 'approve-deployment', deployment, digest }, ada)
  const long = 'pending: labels["…"], '.repeat(5_000)
  const moved = Array.from({ length: 300 }, (_, index) => ({
    input: `request ${index}`,
    from: long,
    to: `${long} withdrawn`,
    by: 'user ada',
    cause: 'request withdrawn',
  }))
  const [voided] = voidedBy(story.state, current(story), moved, context())
  expect(voided).toMatchObject({ data: { movedCount: 300, reason: expect.stringContaining('and 297 more') } })
  expectRecordable(voided)
})

test('DEPLOY 5: values that are documents of their own are named, and left out of what moved', () => {
  const story = environment()
  deployed(story, days(7), made(main, { 'backup.retentionDays': 7 }))
  const deployment = running(story, days(14))
  const large = 'x'.repeat(20_000)
  const moved = Array.from({ length: 50 }, (_, index) => ({
    property: `parameters["p${index}"]`,
    expected: index,
    observed: large,
  }))
  const step = `update:${main}`
  const revise = { type: 'revise-deployment', deployment, step, reason: 'it moved', moved } as const
  const decision = decideDeployment(story.state, revise, context())
  expect(decision).toMatchObject({
    events: [{ data: { moved: { 0: { property: 'parameters["p0"]', expected: 0 } } } }],
  })
  if (decision.type === 'accepted') expectRecordable(decision.events[0])
})
