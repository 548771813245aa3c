import { z } from 'zod'
import { describe, expect, test } from 'vitest'
import { scenario } from '@infraledger/testkit'
import { readModel } from '../application/model.ts'
import { defineKind } from '../graph/define-kind.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { computePlan, isRejection } from './compute.ts'
import type { Plan } from './plan.ts'
import { capabilities, context, TARGET } from './planning.fixture.ts'

const properties = { deletionProtection: { schema: z.boolean() } }
const vault = defineKind({ name: 'vault', statefulness: 'stateful', properties })
const proxy = defineKind({ name: 'proxy', statefulness: 'stateless', properties })
const kinds = kindCatalogue([...standardKinds, vault, proxy])
const main = 'sql-instance/main' as const

/** The plan that makes these needs in an environment of a type. */
function making(type: 'production' | 'development' | 'preview', needs: readonly unknown[]): Plan {
  const policies = { approvals: { required: 0 }, drift: [] }
  const story = scenario().given({
    type: 'EnvironmentCreated',
    data: { name: 'e', type, clouds: [TARGET], policies },
  })
  const model = readModel({ services: [], needs }, kinds)
  if ('code' in model) throw new Error(model.message)
  const serving = (provider: string, kind: string) => {
    const known = capabilities(provider, 'topic')
    return known === undefined ? undefined : { ...known, refType: kind }
  }
  const world = { ...context(), kinds, capabilities: serving }
  const plan = computePlan(story.state, { model, requests: [], createNeeds: [] }, world)
  if (isRejection(plan)) throw new Error(plan.message)
  return plan
}

describe('what holds data and can be protected', () => {
  test.each(['production', 'development'] as const)(
    'PROTECT 4: is made protected in %s, also of a kind of one’s own',
    (type) => {
      const plan = making(type, [main, 'vault/keys', 'proxy/in', 'bucket/b'])
      const made = Object.fromEntries(plan.steps.map(({ node, changes }) => [node, changes['deletionProtection']]))
      expect(made).toEqual({ [main]: true, 'vault/keys': true, 'proxy/in': undefined, 'bucket/b': undefined })
    },
  )

  test('PROTECT 4: also where the code asks for the contrary, and the plan says so', () => {
    const { steps, notices } = making('production', [{ node: main, properties: { deletionProtection: false } }])
    expect(steps).toMatchObject([{ changes: { deletionProtection: true } }])
    expect(notices).toMatchObject([{ type: 'not-written', node: main }])
  })

  test('PROTECT 11: is not in a preview environment, unless the code asks for it', () => {
    expect(making('preview', [main]).steps).toMatchObject([{ changes: { deletionProtection: false } }])
    const asked = making('preview', [{ node: main, properties: { deletionProtection: true } }])
    expect(asked).toMatchObject({ steps: [{ changes: { deletionProtection: true } }], notices: [] })
  })
})
