import { describe, expect, it } from 'vitest'
import { meant } from './matching.ts'

const told = (one: { id?: string; name: string }) => ({ id: one.id, name: one.name })
const find = (ref: { id?: string; name: string }, all: readonly { id?: string; name: string }[]) =>
  meant(ref, all, told)?.name

describe('what a ref means', () => {
  it('AWS 8: is known by its immutable id, also after a rename, and never by a name that another has by now', () => {
    const all = [
      { id: 'db-1', name: 'renamed' },
      { id: 'db-2', name: 'orders' },
    ]
    expect(find({ id: 'db-1', name: 'orders' }, all)).toBe('renamed')
    expect(find({ id: 'db-3', name: 'orders' }, all)).toBeUndefined()
    expect(find({ name: 'Orders' }, all)).toBe('orders')
  })

  it('AWS 8: is known by its name where a server gives everything the same id', () => {
    const all = [
      { id: 'db-1', name: 'a' },
      { id: 'db-1', name: 'b' },
    ]
    expect(find({ id: 'db-1', name: 'b' }, all)).toBe('b')
    expect(find({ id: 'db-1', name: 'c' }, all)).toBeUndefined()
  })
})
