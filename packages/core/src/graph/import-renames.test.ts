import { expect, it } from 'vitest'
import type { NodeId } from './ids.ts'
import type { ImportedNode } from './imported-graph.ts'
import { renamedThings } from './import-renames.ts'

const thing = (address: string): ImportedNode => ({ address, kind: 'acme', key: address, properties: {} })

/** What is found where these were announced to be renamed, and the ledger knows these nodes at these addresses. */
function found(state: string, announced: Readonly<Record<string, string>>, known: string): Record<string, NodeId> {
  const at = new Map(known.split(' ').map((pair): [string, NodeId] => [pair.slice(0, 1), `acme/${pair.slice(1)}`]))
  const result = renamedThings(
    state.split(' ').map(thing),
    'l-1',
    ({ address }) => {
      const from = announced[address]
      const node = from === undefined ? undefined : at.get(from)
      return from === undefined || node === undefined ? undefined : { node, from }
    },
    (address) => at.get(address),
  )
  return Object.fromEntries([...result].map(([{ address }, node]) => [address, node]))
}

it('EXTERNAL 9: things are the same at the addresses to which a plan renames them, once they are gone from those before', () => {
  expect(found('b', { b: 'a' }, 'a1')).toEqual({ b: 'acme/1' })
  expect(found('a', { b: 'a' }, 'a1')).toEqual({})
  expect(found('a b', { b: 'a' }, 'a1')).toEqual({})
  expect(found('b c d', { b: 'a', c: 'b', d: 'c' }, 'a1 b2 c3')).toEqual({ b: 'acme/1', c: 'acme/2', d: 'acme/3' })
  expect(found('a b', { a: 'b', b: 'a' }, 'a1 b2')).toEqual({})
  expect(found('b', {}, 'a1')).toEqual({})
})

it('EXTERNAL 9: an import that was cut off between two renames goes on with the other one', () => {
  const at = new Map<string, NodeId>([['b', 'acme/1']])
  const result = renamedThings(
    [thing('b'), thing('c')],
    'l-1',
    ({ address }) => (address === 'c' ? { node: 'acme/2', from: 'b' } : undefined),
    (address) => at.get(address),
  )
  expect([...result.values()]).toEqual(['acme/2'])
})
