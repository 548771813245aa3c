import fc from 'fast-check'

/** A node id as core types it. */
type NodeId = `${string}/${string}`

const KEY_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789-_.:/[]"é→ '.split('')

/** Kinds that most tests want to meet. */
const KINDS = ['service', 'sql-database', 'sql-instance', 'bucket', 'topic', 'cache', 'aws_security_group']

/** A seed for whatever takes one: a fake cloud, a shuffled order. */
export function seeds(): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 0x7fff_ffff })
}

/** Node ids: mostly short and tame, some with brackets, slashes, quotes, spaces and letters beyond ASCII. */
export function nodeIds(options: { readonly kinds?: readonly string[] } = {}): fc.Arbitrary<NodeId> {
  const kinds = fc.constantFrom(...(options.kinds ?? KINDS))
  const tame = fc.constantFrom('main', 'orders', 'checkout', 'users', 'a', 'z-9')
  const wild = fc
    .string({ unit: fc.constantFrom(...KEY_CHARACTERS), minLength: 1, maxLength: 40 })
    .filter((key) => !key.startsWith(' '))
  return fc
    .tuple(kinds, fc.oneof({ weight: 3, arbitrary: tame }, { weight: 1, arbitrary: wild }))
    .map(([kind, key]) => `${kind}/${key}` as const)
}
