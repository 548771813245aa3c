import { expect, test } from 'vitest'
import { guarded } from '../access/access.fixture.ts'
import { ROLE_PERIODS_KEPT, accessHandlers, emptyAccess } from '../access/state.ts'
import type { LedgerEvent } from '../environment/catalogue.ts'
import type { Authorizer } from '../access/authorizer.ts'
import { ada } from './ledger.fixture.ts'

const DAY = 24 * 60 * 60_000
const day = (number: number): string => new Date(Date.parse('2026-03-02T09:00:00Z') + number * DAY).toISOString()

/** Grace is a member from day 0, an Admin from day 10 to 20; linus a viewer from day 10. */
async function aMonth(authorizer?: Authorizer) {
  const set = await guarded(authorizer === undefined ? {} : { authorizer })
  await set.clock.advance(10 * DAY)
  await set.prod.grantRole({ subject: 'grace', role: 'admin' }, ada)
  await set.prod.grantRole({ subject: 'linus', role: 'viewer' }, ada)
  await set.clock.advance(10 * DAY)
  await set.prod.revokeRole({ subject: 'grace', role: 'admin' }, ada)
  await set.clock.advance(10 * DAY)
  return set
}

test('ACCESS 3: tells who could do something when, who granted it and who took it away', async () => {
  const { prod } = await aMonth()
  expect(await prod.whoCould({ action: 'approve-deployment' })).toMatchObject({
    from: day(0),
    to: day(30),
    subjects: [
      { subject: 'ada', intervals: [{ from: day(0), roles: ['admin'], granted: [{ role: 'admin', by: ada.actor }] }] },
      {
        subject: 'grace',
        intervals: [
          {
            from: day(10),
            until: day(20),
            roles: ['member', 'admin'],
            granted: [
              { role: 'member', at: day(0) },
              { role: 'admin', at: day(10), by: ada.actor },
            ],
            revoked: { role: 'admin', at: day(20), by: ada.actor },
          },
        ],
      },
    ],
  })
  const members = await prod.whoCould({ action: 'request-change' })
  expect(members.subjects.map(({ subject, intervals }) => [subject, intervals.map(({ from }) => from)])).toEqual([
    ['ada', [day(0)]],
    ['grace', [day(0), day(10), day(20)]],
  ])
})

test('ACCESS 3: only of the time that is asked about; what is no action or no date is refused', async () => {
  const { prod } = await aMonth()
  const [from, to] = [new Date(day(15)), new Date(day(16))]
  const answer = await prod.whoCould({ action: 'approve-deployment', from, to })
  expect(answer.subjects.map(({ intervals }) => intervals)).toMatchObject([[{ from: day(15) }], [{ from: day(15) }]])
  expect(answer.subjects[1]?.intervals[0]?.until).toBeUndefined()
  const later = await prod.whoCould({ action: 'approve-deployment', from: new Date(day(21)) })
  expect(later.subjects.map(({ subject }) => subject)).toEqual(['ada'])
  const wrong = { action: 'aprove-deployment' } as unknown as { action: 'approve-deployment' }
  await expect(prod.whoCould(wrong)).rejects.toMatchObject({
    code: 'input-invalid',
    message: expect.stringContaining('approve-deployment'),
  })
  await expect(prod.whoCould({ action: 'bind', from: new Date('x') })).rejects.toMatchObject({ code: 'input-invalid' })
})

test('ACCESS 3: with another authorizer, that one is asked at each change of roles', async () => {
  const { prod } = await aMonth({
    authorize: ({ actor, roles, action }) => ({
      allowed: action !== 'approve-deployment' || (actor.id === 'linus' && roles.includes('viewer')),
      policy: 'linus-approves',
    }),
  })
  const answer = await prod.whoCould({ action: 'approve-deployment' })
  expect(answer.subjects).toMatchObject([{ subject: 'linus', intervals: [{ from: day(10), roles: ['viewer'] }] }])
})

test('ACCESS 3: what is remembered of roles is bounded; those that are held stay, and it is said what is not known', () => {
  const slice = emptyAccess()
  const event = (type: 'RoleGranted' | 'RoleRevoked', subject: string, minute: number) => {
    const recordedAt = new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString()
    const metadata = { actor: ada.actor, recordedAt, correlationId: 'c' }
    const data = { subject, role: 'member' as const }
    accessHandlers[type](slice, { type, data, metadata, id: 'e', revision: 0 } as LedgerEvent<'RoleGranted'> &
      LedgerEvent<'RoleRevoked'>)
  }
  event('RoleGranted', 'keeper', 0)
  for (let index = 1; index <= ROLE_PERIODS_KEPT; index++) {
    event('RoleGranted', `s${index}`, 2 * index)
    event('RoleRevoked', `s${index}`, 2 * index + 1)
  }
  expect(slice.periods.length).toBeLessThanOrEqual(ROLE_PERIODS_KEPT)
  expect(slice.periods[0]).toMatchObject({ subject: 'keeper', revoked: undefined })
  expect(slice.forgottenUntil).not.toBe('')
})
