import { expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import type { ApplicationModelInput } from '../application/model-input.ts'
import type { NodeId } from '../graph/ids.ts'
import { capabilities, deployed, environment, made, planOf, recordModel } from './planning.fixture.ts'
import { standing } from './situations.fixture.ts'

const serving: typeof capabilities = (provider, kind) => capabilities(provider, kind === 'grant' ? 'identity' : kind)
const GRANT: NodeId = 'grant/checkout--bucket.receipts'

const using = (...operations: string[]): ApplicationModelInput => ({
  services: [{ name: 'checkout', image: 'checkout:1', uses: [{ need: 'bucket/receipts', operations }] }],
  needs: ['bucket/receipts'],
})

/** A service that reads and writes, with its rights. */
function readingAndWriting(): Given {
  const story = environment()
  const grant = made(GRANT, { identity: 'identity/checkout', resource: 'bucket/receipts', service: 'service/checkout' })
  if (grant.type !== 'NodeVersionRecorded') throw new Error('it is a node version')
  const set = { ...grant.data.set, need: 'bucket/receipts', operations: ['read', 'write'] }
  const [from, to] = ['service/checkout', 'identity/checkout'] as const
  const cause = { type: 'deployment' as const, deployment: 'd1', requests: [] }
  const edge = {
    edge: `depends-on:${from}->${to}`,
    version: 1,
    kind: 'depends-on',
    from,
    to,
    attributes: {},
    cause,
  } as const
  deployed(
    story,
    using('read', 'write'),
    made('bucket/receipts', {}),
    made('identity/checkout', {}),
    { ...grant, data: { ...grant.data, set } },
    made('service/checkout', { image: 'checkout:1' }),
    { type: 'EdgeVersionRecorded', data: edge },
  )
  return story
}

const grantSteps = (story: Given, ...operations: string[]) =>
  planOf(story, { model: recordModel(story, using(...operations)) }, { capabilities: serving })
    .steps.filter(({ node }) => node === GRANT)
    .map(({ id, phase, changes, expected, after, origins, infrastructure }) => ({
      id,
      phase,
      to: changes['operations'],
      from: expected['operations'],
      after,
      origins: origins.map(({ type }) => type),
      infrastructure,
    }))

const step = { after: [], origins: ['code'], infrastructure: true }

test('OWN 7: what the code began to do is granted before it is rolled out', () => {
  expect(grantSteps(readingAndWriting(), 'read', 'write', 'list')).toEqual([
    { ...step, id: `update:${GRANT}`, phase: 'provision', from: ['read', 'write'], to: ['list', 'read', 'write'] },
  ])
})

test('OWN 7: what it no longer does is taken away after that', () => {
  expect(grantSteps(readingAndWriting(), 'read')).toEqual([
    { ...step, id: `update:${GRANT}`, phase: 'cleanup', from: ['read', 'write'], to: ['read'] },
  ])
})

test('OWN 7: where both is true the grant holds both while both versions may run', () => {
  const both = ['list', 'read', 'write']
  expect(grantSteps(readingAndWriting(), 'read', 'list')).toEqual([
    { ...step, id: `update:${GRANT}`, phase: 'provision', from: ['read', 'write'], to: both },
    { ...step, id: `narrow:${GRANT}`, phase: 'cleanup', from: both, to: ['list', 'read'], after: [`update:${GRANT}`] },
  ])
})

test('OWN 7: the order in which operations are named means nothing', () => {
  expect(grantSteps(readingAndWriting(), 'write', 'read')).toEqual([])
})

test('OWN 7, DRIFT 7: what somebody added goes in provision, also while the code changes the grant', () => {
  const observed = { recorded: ['read', 'write'], observed: ['admin', 'read', 'write'] }
  const drifted = () =>
    readingAndWriting().given(standing(GRANT, { property: 'operations', decision: 'enforced', ...observed }))
  const from = observed.observed
  expect(grantSteps(drifted(), 'read', 'write')).toEqual([
    { ...step, id: `update:${GRANT}`, phase: 'provision', from, to: ['read', 'write'], origins: ['drift-reversal'] },
  ])
  expect(grantSteps(drifted(), 'read')).toEqual([
    { ...step, id: `update:${GRANT}`, phase: 'provision', from, to: ['read', 'write'] },
    {
      ...step,
      id: `narrow:${GRANT}`,
      phase: 'cleanup',
      from: ['read', 'write'],
      to: ['read'],
      after: [`update:${GRANT}`],
    },
  ])
})
