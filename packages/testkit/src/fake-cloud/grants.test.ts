import { expect, test } from 'vitest'
import { virtualClock } from '../clock/virtual-clock.ts'
import { fakeCloud } from './fake-cloud.ts'

/** A service’s identity that may read the orders, made in the console. */
function shop(operations?: readonly string[]) {
  const clock = virtualClock({ autoAdvance: true })
  const cloud = fakeCloud({ clock, ...(operations === undefined ? {} : { operations }) })
  const people = cloud.console('grace')
  people.create('identity', 'checkout')
  people.create('service', 'checkout')
  people.create('bucket', 'orders')
  people.create('bucket', 'receipts')
  people.create('grant', 'reads', { operations: ['read'] }, { on: ['identity/checkout', 'orders'] })
  return { cloud, people }
}

const may = { identity: 'identity/checkout', operation: 'read', resource: 'orders' } as const

test('FAKE 30: a grant lets its identity do its operations on what it was made on, and nothing else', () => {
  const { cloud, people } = shop()
  const { inspect } = cloud
  expect(inspect.allows(may)).toBe(true)
  expect(inspect.allows({ ...may, operation: 'write' })).toBe(false)
  expect(inspect.allows({ ...may, resource: 'receipts' })).toBe(false)
  people.modify('reads', { operations: ['read', 'write'] })
  expect(inspect.allows({ ...may, operation: 'write' })).toBe(true)
  people.remove('reads')
  expect(inspect.allows(may)).toBe(false)
})

test('FAKE 30: a listing tells what a grant was made on', () => {
  const { cloud } = shop()
  const dependencies = cloud.inspect.resource('reads')?.dependencies ?? []
  expect(dependencies.map(({ kind, ref }) => `${kind}/${ref.name}`)).toEqual(['identity/checkout', 'bucket/orders'])
})

test('FAKE 30: the grants of an identity go with it', () => {
  const { cloud, people } = shop()
  people.remove('identity/checkout')
  expect(cloud.inspect.resources('grant')).toEqual([])
})

test('FAKE 30: no grant comes on an identity that is going', () => {
  const { cloud, people } = shop()
  people.remove('identity/checkout', { takesMs: 600_000 })
  expect(() =>
    people.create('grant', 'writes', { operations: ['write'] }, { on: ['identity/checkout', 'orders'] }),
  ).toThrow(expect.objectContaining({ code: 'cloud-refused' }))
  expect(cloud.inspect.resources('grant').map(({ status }) => status)).toEqual(['deleting'])
})

test('FAKE 30: operations that the cloud does not know are refused, also in the console', () => {
  const { people } = shop(['read', 'write'])
  expect(() => people.modify('reads', { operations: ['read', 'conquer'] })).toThrow(
    'it knows no operation "conquer"; it knows read, write',
  )
  expect(() => people.modify('reads', { identity: 'another' })).toThrow('cannot be changed after creation')
})

test('FAKE 21, FAKE 30: the name that a service and its identity share means the service', () => {
  const { cloud } = shop()
  expect(cloud.inspect.resource('checkout')?.kind).toBe('service')
  expect(cloud.inspect.resource('identity/checkout')?.kind).toBe('identity')
})
