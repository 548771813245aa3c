import { scenario } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import { eventSchemas } from '../environment/catalogue.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { decideGraph } from '../graph/decide.ts'
import { importing, thing } from '../graph/import.fixture.ts'
import { byDeployment, changed, drift, GRACE, MAIN, requested, story, triggered } from './audit.fixture.ts'
import { timelineEntry } from './timeline.ts'

function entry(event: DomainEvent): ReturnType<typeof timelineEntry> {
  const metadata = { actor: GRACE, recordedAt: '2026-01-05T09:00:00.000Z', correlationId: 'c', graphVersion: 4 }
  return timelineEntry({ ...event, metadata, id: 'e', revision: 7 })
}

test('AUDIT 7 | an event is one readable line with who, when, and what it touches', () => {
  expect(entry(triggered('d-3', 'c3'))).toEqual({
    at: '2026-01-05T09:00:00.000Z',
    actor: GRACE,
    type: 'DeploymentTriggered',
    text: 'deployment d-3 of commit c3 triggered by a push of ada to main',
    deployment: 'd-3',
    graphVersion: 4,
    correlationId: 'c',
    revision: 7,
  })
  expect(entry(requested('r-2', { tier: 'large' }))).toMatchObject({
    node: MAIN,
    text: `request r-2 on ${MAIN}: tier = "large" (the audit asks for it)`,
  })
})

test('AUDIT 7 | versions tell what changed and why', () => {
  const told = story().given(triggered('d-3', 'c3'))
  const text = (events: readonly DomainEvent[]) => events.map((event) => entry(event)?.text)
  expect(text(changed(told, byDeployment('d-3'), { set: { tier: 'large' }, unset: ['backup.retentionDays'] }))).toEqual(
    [`${MAIN} version 3 by deployment d-3: tier = "large", backup.retentionDays gone`],
  )
  expect(text(changed(told, drift, { set: { versioning: true } }, 'bucket/new'))).toEqual([
    'bucket/new added changed outside: versioning = true',
  ])
  expect(
    text(changed(told, { type: 'drift', observation: 'o1', firstReading: true }, { set: { tier: 'large' } })),
  ).toEqual([`${MAIN} version 3 as first seen: tier = "large"`])
})

test('AUDIT 7 | what is seen for the first time is not called drift', () => {
  const decided = (property: string, observed: number, decidedBy: string) =>
    ({
      property,
      ...(decidedBy === 'default' ? { recorded: 7 } : {}),
      observed,
      decision: 'adopted',
      decidedBy,
    }) as const
  const text = (...decisions: readonly ReturnType<typeof decided>[]) =>
    entry({
      type: 'DriftDetected',
      data: { observation: 'o-1', node: MAIN, version: 1, decisions: [...decisions] },
    })?.text
  expect(text(decided('a', 1, 'first-reading'))).toBe(`${MAIN} first seen: a = 1`)
  expect(text(decided('a', 1, 'default'))).toBe(`${MAIN} drifted: a 7 -> 1 adopted`)
  expect(text(decided('a', 1, 'first-reading'), decided('b', 2, 'default'))).toBe(
    `${MAIN} drifted: b 7 -> 2 adopted; first seen: a = 1`,
  )
})

test('AUDIT 7 | an import is two lines, however many nodes it has', () => {
  const { events } = scenario().when(decideGraph, importing([thing('a'), thing('b')], { serial: 3 }, [['a', 'b']]))
  expect(events.flatMap((event) => entry(event)?.text ?? [])).toEqual([
    'import of states.tfstate (terraform, serial 3) began: 2 nodes, 1 edge',
    'import completed: 2 nodes recorded, 0 unchanged, 0 retired',
  ])
})

test('AUDIT 7 | long values are cut, secrets are not shown', () => {
  const text =
    entry(requested('r-2', { masterPassword: { $secret: { fingerprint: 'abcdef' } }, note: 'x'.repeat(500) }))?.text ??
    ''
  expect(text).toContain('masterPassword = (secret)')
  expect(text.length).toBeLessThan(250)
})

test('an event of a type that this version does not know has no line', () => {
  expect(
    timelineEntry({
      ...triggered('d', 'c'),
      type: 'SomethingNewer',
      metadata: { actor: GRACE, recordedAt: '', correlationId: '' },
      id: 'e',
      revision: 0,
    } as never),
  ).toBeUndefined()
  expect(Object.keys(eventSchemas)).not.toContain('SomethingNewer')
})
