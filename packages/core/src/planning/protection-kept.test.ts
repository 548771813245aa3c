import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requested, standing } from './situations.fixture.ts'
import { deployed, environment, made, planOf, recordModel } from './planning.fixture.ts'

const main = 'sql-instance/main' as const
const replica = 'sql-instance/new' as const

const maybe = fc.option(fc.boolean(), { nil: undefined })
/** What the code said and says, what is recorded, what is enforced although it was observed otherwise, and what a request wants. */
const situations = fc.record({
  before: maybe,
  after: maybe,
  made: fc.boolean(),
  recorded: fc.boolean(),
  enforced: fc.boolean(),
  wanted: maybe,
  again: fc.boolean(),
})

const declaring = (on: boolean | undefined, tier: string) => ({
  services: [],
  needs: [main, replica].map((node) => ({
    node,
    properties: { tier, ...(on === undefined ? {} : { deletionProtection: on }) },
  })),
})

// A failure prints its seed and path; give them to `fc.assert` as `{ seed, path }` to see it again.
test('PROTECT 4: no plan switches protection off or leaves it out, whatever code, requests and policies ask for', () => {
  fc.assert(
    fc.property(situations, (given) => {
      const story = environment()
      const { recorded } = given
      deployed(
        story,
        declaring(given.before, 'small'),
        made(main, { tier: 'small', deletionProtection: recorded }),
        ...(given.made ? [made(replica, { tier: 'small', deletionProtection: true })] : []),
      )
      if (given.enforced)
        story.given(
          standing(main, { property: 'deletionProtection', recorded, observed: !recorded, decision: 'enforced' }),
        )
      if (given.wanted !== undefined)
        for (const [index, node] of [main, replica].entries())
          story.given(requested(`r${index}`, node, { deletionProtection: given.wanted }))
      if (given.again) story.given({ type: 'NodeManaged', data: { node: main, reason: 'x' } })
      const model = recordModel(story, declaring(given.after, 'large'))
      const { steps } = planOf(story, { model, requests: ['r0', 'r1'] })
      for (const { operation, changes } of steps) {
        if (operation === 'create') expect(changes['deletionProtection']).toBe(true)
        if (Object.hasOwn(changes, 'deletionProtection')) expect(changes['deletionProtection']).toBe(true)
      }
      expect(steps.length).toBeGreaterThan(0)
    }),
  )
})
