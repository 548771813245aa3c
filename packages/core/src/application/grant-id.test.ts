import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeIdSchema } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { extraGrantId, grantId, isExtraGrant, ownIdentity } from './grant-id.ts'

const of = { service: 'service/checkout', need: 'sql-database/orders' } as const
const usual = { ...of, resource: of.need, identity: 'identity/checkout' } as const

test('OWN 7: the id of a grant tells whose it is, for which need, and what is special about it', () => {
  expect(grantId(usual)).toBe('grant/checkout--sql-database.orders')
  expect(grantId({ ...usual, resource: 'sql-instance/new' })).toBe(
    'grant/checkout--sql-database.orders--sql-instance.new',
  )
  expect(grantId({ ...usual, identity: 'identity/shop' })).toBe('grant/checkout--sql-database.orders--as--shop')
  expect(grantId({ ...usual, resource: 'sql-instance/new', identity: 'identity/shop' })).toBe(
    'grant/checkout--sql-database.orders--sql-instance.new--as--shop',
  )
})

/** Keys of the parts of which ids are put together, so that different rights look alike as often as can be. */
const key = fc
  .array(fc.constantFrom('a', 'b', '-', '--', '.', 'as', 'bucket', 'identity', ' ', '/', 'é', '😀'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(''))
  .filter((text) => !text.startsWith(' '))
const long = fc.tuple(key, fc.constantFrom(1, 1, 1, 60, 200)).map(([text, times]) => text.repeat(times).slice(0, 512))
const node = (...kinds: readonly string[]): fc.Arbitrary<NodeId> =>
  fc.tuple(fc.constantFrom(...kinds), long).map(([kind, text]): NodeId => `${kind}/${text.toWellFormed()}`)
const rights = fc
  .record({
    service: node('service'),
    need: node('bucket', 'identity'),
    resource: fc.option(node('bucket', 'identity')),
    identity: fc.option(node('identity')),
  })
  .map(({ service, need, resource, identity }) => ({
    service,
    need,
    resource: resource ?? need,
    identity: identity ?? ownIdentity(service),
  }))

test('OWN 7: no two grants have one id, and every id is valid, whatever services and needs are called', () => {
  const known = new Map<NodeId, string>()
  fc.assert(
    fc.property(rights, (right) => {
      const id = grantId(right)
      const text = JSON.stringify(right)
      expect(nodeIdSchema.safeParse(id).success).toBe(true)
      expect(isExtraGrant(id)).toBe(false)
      expect(known.get(id) ?? text).toBe(text)
      known.set(id, text)
    }),
    { numRuns: 20_000 },
  )
})

test('OWN 8: the id of a grant that somebody else made is its own, and valid whatever the provider calls it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), fc.string(), (name, identifier) => {
      const id = extraGrantId(identifier, name)
      expect(nodeIdSchema.safeParse(id).success).toBe(true)
      expect(isExtraGrant(id)).toBe(true)
      expect(extraGrantId(`${identifier}!`, name)).not.toBe(id)
    }),
  )
})
