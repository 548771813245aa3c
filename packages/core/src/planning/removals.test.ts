import { expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import { confirmed, edge } from '../protection/protection.fixture.ts'
import { capabilities, deployed, environment, made, planOf, recordModel } from './planning.fixture.ts'
import { gone } from './situations.fixture.ts'

const nothing = { services: [], needs: [] }
const [orders, main] = ['sql-database/orders', 'sql-instance/main'] as const

/** A database on an instance, both no longer used, whose deletion was confirmed; the provider has no snapshots of databases. */
function leftOver(...kept: string[]): Given {
  const story = environment({
    capabilities: (provider, kind) => {
      const known = capabilities(provider, kind === orders.split('/')[0] ? 'network' : kind)
      return known === undefined ? undefined : { ...known, refType: kind }
    },
  })
  const [database, instance] = [made(orders, {}), made(main, {})]
  deployed(story, { services: [], needs: [orders] }, database, instance, edge('satisfied-by', orders, main))
  deployed(story, nothing)
  for (const node of [orders, main]) if (!kept.includes(node)) story.given(confirmed(node))
  return story
}

const plan = (story: Given) => planOf(story, { model: recordModel(story, nothing) })

test('PROTECT 6: the last copy of an instance is taken before the databases on it go', () => {
  const { steps } = plan(leftOver())
  expect(steps.map(({ id }) => id)).toEqual([`take-last-copy:${main}`, `remove:${orders}`, `remove:${main}`])
  expect(steps[1]?.after).toEqual([`take-last-copy:${main}`])
  expect(steps[2]?.after.toSorted()).toEqual([`remove:${orders}`, `take-last-copy:${main}`])
})

test('PROTECT 6: the last copy of a database that has no snapshots of its own is one of its host', () => {
  const { steps } = plan(leftOver(main))
  expect(steps).toMatchObject([
    { id: `take-last-copy:${main}`, operation: 'take-last-copy', node: main, ref: { name: 'sql-instance-main' } },
    { id: `remove:${orders}`, after: [`take-last-copy:${main}`] },
  ])
  expect(steps[0]?.name).toContain('orders')
})

test('PROTECT 6: what of no last copy can be taken stays', () => {
  const story = environment({ capabilities: (provider) => capabilities(provider, 'network') })
  deployed(story, { services: [], needs: [main] }, made(main, {}))
  deployed(story, nothing)
  story.given(confirmed(main))
  const { steps, notices } = planOf(story, { model: recordModel(story, nothing) }, { capabilities: noCopies })
  expect(steps).toEqual([])
  expect(notices).toMatchObject([{ type: 'kept', node: main }])
})

const noCopies = (provider: string) => capabilities(provider, 'network')

test('OWN 6, PROTECT 6: what is gone at the provider needs no copy and no call: it is only recorded as gone', () => {
  const story = leftOver(orders)
  gone(story, orders)
  gone(story, main)
  story.given(confirmed(orders))
  const { steps } = plan(story)
  expect(steps.map(({ id }) => id)).toEqual([`remove:${orders}`, `remove:${main}`])
  for (const step of steps) expect(step.ref).toBeUndefined()
})
