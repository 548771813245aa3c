import { expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import { apiClient, user } from '../access/actor.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { environment } from '../planning/planning.fixture.ts'
import type { EnvironmentCommand } from './commands.ts'
import { decide } from './decide.ts'
import { PRODUCTION_DRIFT_RULES } from './policies.ts'
import type { DriftRule, Policies } from './policies.ts'
import { weakenings } from './weakening.ts'

const [ada, grace, linus] = [{ by: user('ada') }, { by: user('grace') }, { by: user('linus') }]
const kinds = kindCatalogue(standardKinds)
const drift = [...PRODUCTION_DRIFT_RULES]

function governed(approvals: Policies['approvals']): Given {
  return environment().given([
    { type: 'EnvironmentPoliciesChanged', data: { policies: { approvals, drift } } },
    { type: 'RoleGranted', data: { subject: 'grace', role: 'admin' } },
    { type: 'RoleGranted', data: { subject: 'linus', role: 'admin' } },
  ])
}

const change = (approvals: Policies['approvals'], rules: readonly DriftRule[] = drift): EnvironmentCommand => ({
  type: 'change-policies',
  policies: { approvals, drift: [...rules] },
})

/** Fewer approvals are proposed by ada; answers the proposal's id. */
function proposed(story: Given): string {
  story.and(decide, change({ required: 0 }), ada)
  const [id] = story.state.environment.proposals.keys()
  if (id === undefined) throw new Error('nothing was proposed')
  return id
}

test('ACCESS 4: fewer approvals are proposed, not changed, and say in what they are weaker', () => {
  const story = governed({ required: 2, fourEyes: true })
  story.when(decide, change({ required: 1 }), ada).then({
    type: 'PolicyChangeProposed',
    data: { required: 2, weakens: ['1 instead of 2 approvals for a plan', 'no four eyes any more'] },
  })
})

test('ACCESS 4: the approval of somebody who is an Admin no more does not count; who is one again may approve again', () => {
  const story = governed({ required: 2 })
  const proposal = proposed(story)
  const approve = { type: 'approve-policy-change', proposal } as const
  story.and(decide, approve, { ...grace, at: '2026-01-05T12:00:00.000Z' })
  const role = { subject: 'grace', role: 'admin' } as const
  story.and(decide, { type: 'revoke-role', ...role }, { ...ada, at: '2026-01-05T13:00:00.000Z' })
  const late = { at: '2026-01-05T14:00:00.000Z' }
  story.when(decide, approve, { ...linus, ...late }).then({ type: 'PolicyChangeApproved' })
  expect(story.state.environment.policies.approvals.required).toBe(2)
  story.and(decide, { type: 'grant-role', ...role }, { ...ada, ...late })
  story
    .when(decide, approve, { ...grace, at: '2026-01-05T15:00:00.000Z' })
    .then({ type: 'PolicyChangeApproved' }, { type: 'EnvironmentPoliciesChanged', data: { proposal } })
})

test('ACCESS 4: as many other persons approve it as a plan would have needed; the last one puts it in force', () => {
  const story = governed({ required: 2 })
  const proposal = proposed(story)
  const approve = { type: 'approve-policy-change', proposal } as const
  story.when(decide, approve, ada).thenRejected('four-eyes-required', { because: 'proposed it' })
  story.when(decide, approve, { by: apiClient('ci') }).thenRejected('person-required')
  story.when(decide, approve, grace).then({ type: 'PolicyChangeApproved' })
  story.when(decide, approve, grace).thenNothing()
  story
    .when(decide, approve, linus)
    .then({ type: 'PolicyChangeApproved' }, { type: 'EnvironmentPoliciesChanged', data: { proposal } })
  expect(story.state.environment).toMatchObject({ policies: { approvals: { required: 0 } } })
  expect(story.state.environment.proposals.get(proposal)?.status).toBe('applied')
  story.when(decide, approve, linus).thenRejected('proposal-not-open', { status: 'applied' })
})

test('ACCESS 4: what is as strict or stricter holds at once, and so does anything while no approvals are demanded', () => {
  const strict = governed({ required: 1 })
  strict
    .when(decide, change({ required: 2, fourEyes: true, expiresAfterHours: 8, sections: { iam: 2 } }), ada)
    .then({ type: 'EnvironmentPoliciesChanged' })
  governed({ required: 0 })
    .when(decide, change({ required: 0 }, []), ada)
    .thenNothing()
  governed({ required: 0, fourEyes: true })
    .when(decide, change({ required: 0 }), ada)
    .then({ type: 'EnvironmentPoliciesChanged' })
})

test('ACCESS 4: a proposal is void when the policies changed meanwhile, and the same one twice is one', () => {
  const story = governed({ required: 1 })
  const proposal = proposed(story)
  story.when(decide, change({ required: 0 }), grace).thenNothing()
  story.and(decide, change({ required: 2 }), ada)
  story
    .when(decide, { type: 'approve-policy-change', proposal }, grace)
    .thenRejected('proposal-not-open', { status: 'void' })
})

test('ACCESS 4: whoever proposed it withdraws it, others reject it, both with a reason', () => {
  const story = governed({ required: 1 })
  const first = proposed(story)
  const withdraw = { type: 'withdraw-policy-change', proposal: first, reason: 'changed my mind' } as const
  story.when(decide, withdraw, grace).thenRejected('requester-or-admin-required')
  story.when(decide, { ...withdraw, reason: ' ' }, ada).thenRejected('input-invalid')
  story.when(decide, withdraw, ada).then({ type: 'PolicyChangeWithdrawn' })
  story.and(decide, change({ required: 0 }), ada)
  const [, second = ''] = story.state.environment.proposals.keys()
  const reject = { type: 'reject-policy-change', proposal: second, reason: 'no' } as const
  story.when(decide, reject, { by: apiClient('ci') }).thenRejected('person-required')
  story.when(decide, reject, grace).then({ type: 'PolicyChangeRejected' })
  story.when(decide, { ...reject, proposal: 'nope' }, grace).thenRejected('proposal-not-found')
})

test('ACCESS 4: an approval that is too old counts no more', () => {
  const story = governed({ required: 2, expiresAfterHours: 1 })
  const approve = { type: 'approve-policy-change', proposal: proposed(story) } as const
  story.and(decide, approve, { ...grace, at: '2026-01-05T10:00:00.000Z' })
  story.when(decide, approve, { ...linus, at: '2026-01-05T12:00:00.000Z' }).then({ type: 'PolicyChangeApproved' })
})

const rule = (decision: DriftRule['decision'], property?: string, kind?: string): DriftRule => ({
  decision,
  reason: 'because',
  ...(property === undefined ? {} : { property }),
  ...(kind === undefined ? {} : { kind }),
})

const now = '2026-01-05T10:00:00.000Z'
const weaker = (before: Partial<Policies>, after: Partial<Policies>): readonly string[] => {
  const base: Policies = { approvals: { required: 1 }, drift: [] }
  return weakenings({ ...base, ...before }, { ...base, ...after }, kinds, now)
}

test.each<[string, Partial<Policies>, Partial<Policies>]>([
  [
    'longer expiry',
    { approvals: { required: 1, expiresAfterHours: 1 } },
    { approvals: { required: 1, expiresAfterHours: 2 } },
  ],
  ['no expiry', { approvals: { required: 1, expiresAfterHours: 1 } }, { approvals: { required: 1 } }],
  [
    'a section’s own approvals dropped',
    { approvals: { required: 1, sections: { iam: 1 } } },
    { approvals: { required: 1 } },
  ],
  [
    'a section below the rest',
    { approvals: { required: 2 } },
    { approvals: { required: 2, sections: { deletions: 1 } } },
  ],
  ['an enforcing rule dropped', { drift: [rule('enforce', 'labels*')] }, { drift: [] }],
  [
    'a rule before it that covers some of it',
    { drift: [rule('enforce', 'labels*')] },
    { drift: [rule('ignore', 'labels["a"]'), rule('enforce', 'labels*')] },
  ],
  [
    'an enforcing rule turned into another',
    { drift: [rule('enforce', 'tier', 'sql-instance')] },
    { drift: [rule('adopt', 'tier', 'sql-instance')] },
  ],
  [
    'the order of rules',
    { drift: [rule('enforce', 'tier'), rule('adopt', 'tier')] },
    { drift: [rule('adopt', 'tier'), rule('enforce', 'tier')] },
  ],
  ['what a kind enforces by itself', {}, { drift: [rule('adopt', undefined, 'grant')] }],
])('ACCESS 4: weaker is %s', (_, before, after) => {
  expect(weaker(before, after)).not.toEqual([])
})

test.each<[string, Partial<Policies>, Partial<Policies>]>([
  ['the same', {}, {}],
  ['an enforcing rule more', {}, { drift: [rule('enforce', 'tier')] }],
  ['a rule on what nobody enforces', {}, { drift: [rule('ignore', 'tier')] }],
  ['a wider rule in its place', { drift: [rule('enforce', 'labels["a"]')] }, { drift: [rule('enforce', 'labels*')] }],
])('ACCESS 4: not weaker is %s', (_, before, after) => {
  expect(weaker(before, after)).toEqual([])
})

test('ACCESS 4: rules that are too many to compare count as weaker when they differ', () => {
  const many = Array.from({ length: 500 }, (_, index) => rule('ignore', `p${index}`, `k${index}`))
  expect(weaker({ drift: many }, { drift: [...many] })).toEqual([])
  expect(weaker({ drift: many }, { drift: many.slice(1) })).toEqual(['drift rules that are too many to compare'])
})
