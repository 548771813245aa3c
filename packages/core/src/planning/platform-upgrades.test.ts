import { expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import { user } from '../access/actor.ts'
import type { KindCapabilities } from '../cloud/cloud-provider.ts'
import type { Properties } from '../json.ts'
import { describePlan } from './describe.ts'
import { capabilities, deployed, environment, made, planOf } from './planning.fixture.ts'
import { adopted, requested, standing } from './situations.fixture.ts'

const node = 'network/main' as const
const model = { services: [], needs: [node] }

/** A provider that keeps these values current on networks, at this cost. */
function keeping(baseline: Properties, impact: KindCapabilities['impact'] = {}, kind = 'network') {
  return {
    capabilities: (provider: string, asked: string) => {
      const known = capabilities(provider, asked)
      return known === undefined || asked !== kind ? known : { ...known, impact, baseline }
    },
  }
}

const tls = keeping({ 'labels["tls"]': '1.3' })

function standingNetwork(properties: Record<string, string> = { 'labels["tls"]': '1.2' }): Given {
  const story = environment()
  deployed(story, model, made(node, properties))
  return story
}

/** What a platform upgrade changes when the model is deployed again. */
function upgraded(story: Given, world = tls, input: Parameters<typeof deployed>[1] = model, now?: string) {
  const recorded = deployed(story, input)
  const plan = planOf(story, { model: recorded }, now === undefined ? world : { ...world, now })
  return plan.steps.filter(({ origins }) => origins.some(({ type }) => type === 'platform-upgrade'))
}

test('DEPLOY 14: what the provider keeps current is planned where nobody speaks for another value, and says why', () => {
  const story = standingNetwork()
  const recorded = deployed(story, model)
  const plan = planOf(story, { model: recorded }, tls)
  expect(plan.steps).toMatchObject([
    {
      operation: 'update',
      infrastructure: true,
      changes: { 'labels["tls"]': '1.3' },
      expected: { 'labels["tls"]': '1.2' },
      origins: [{ type: 'platform-upgrade' }],
    },
  ])
  expect(describePlan(plan)).toContain('update network/main  (platform upgrade)')
})

test('DEPLOY 14: nothing is planned where it is so already, or where no provider keeps anything', () => {
  expect(upgraded(standingNetwork({ 'labels["tls"]': '1.3' }))).toEqual([])
  expect(upgraded(standingNetwork(), keeping({}))).toEqual([])
})

test('DEPLOY 14: what the code declares, a person requested or somebody changed outside stays', () => {
  const declared = { services: [], needs: [{ node, properties: { 'labels["tls"]': '1.2' } }] }
  expect(upgraded(standingNetwork(), tls, declared)).toEqual([])

  const wished = standingNetwork()
  wished.given(requested('r1', node, { 'labels["tls"]': '1.2' }), { by: user('grace') })
  expect(upgraded(wished)).toEqual([])

  const drifted = standingNetwork({ 'labels["tls"]': '1.0' })
  adopted(drifted, node, { 'labels["tls"]': '1.2' })
  expect(upgraded(drifted)).toEqual([])

  const differing = standingNetwork()
  differing.given(standing(node, { property: 'labels["tls"]', recorded: '1.2', observed: '1.1', decision: 'ignored' }))
  expect(upgraded(differing)).toEqual([])
})

test('DEPLOY 14: a request that came to nothing speaks for nothing', () => {
  const story = standingNetwork()
  story.given(requested('r1', node, { 'labels["tls"]': '1.2' }), { by: user('grace') })
  story.given({ type: 'ChangeWithdrawn', data: { request: 'r1', reason: 'no' } })
  expect(upgraded(story)).toHaveLength(1)
})

test('DEPLOY 14: what interrupts waits for the node’s window, and never replaces', () => {
  const property = 'labels["tls"]'
  const inWindow = { [property]: '1.2', 'maintenance.window': 'Mon:10:00-Mon:11:00' }
  const restart = keeping({ [property]: '1.3' }, { labels: 'restart' })
  const story = standingNetwork(inWindow)
  expect(upgraded(story, restart, model, '2026-01-05T09:00:00.000Z')).toEqual([])
  expect(upgraded(story, restart, model, '2026-01-05T10:30:00.000Z')).toHaveLength(1)
  const replace = keeping({ [property]: '1.3' }, { labels: 'replace' })
  expect(upgraded(story, replace, model, '2026-01-05T10:30:00.000Z')).toEqual([])
})

test('DEPLOY 14: what holds data is never interrupted for it, not in its window either', () => {
  const instance = 'sql-instance/main' as const
  const needs = { services: [], needs: [instance] }
  const story = environment()
  deployed(
    story,
    needs,
    made(instance, { tier: 'small', 'maintenance.window': 'Mon:10:00-Mon:11:00', 'network.tlsRequired': false }),
  )
  const now = '2026-01-05T10:30:00.000Z'
  expect(upgraded(story, keeping({ tier: 'large' }, {}, 'sql-instance'), needs, now)).toEqual([])
  expect(upgraded(story, keeping({ 'network.tlsRequired': true }, {}, 'sql-instance'), needs, now)).toHaveLength(1)
})
