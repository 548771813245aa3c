import { describe, expect, test } from 'vitest'
import { propertyOf } from '../graph/kind-catalogue.ts'
import { sqlInstance } from '../graph/sql-instance-kind.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import type { JsonValue } from '../json.ts'
import { compareValues, isMet } from './compare.ts'

const definitionOf = (property: string, kind = 'sql-instance') => {
  const found = propertyOf(standardKinds.find(({ name }) => name === kind) ?? sqlInstance, property)
  if (found === undefined) throw new Error(`no ${property}`)
  return found
}
const secret = (fingerprint?: string, keyId = 'k1'): JsonValue => ({
  $secret: { keyId, ...(fingerprint === undefined ? {} : { fingerprint }) },
})

describe('comparing what is recorded with what is observed', () => {
  test.each([
    ['tier', 'large', 'large', 'same'],
    ['tier', 'large', 'small', 'different'],
    ['tier', undefined, null, 'same'],
    ['tier', null, undefined, 'same'],
    ['tier', 'large', null, 'different'],
    ['tier', undefined, 'large', 'different'],
    // One source leaves out what another one tells as empty; an empty text is a value.
    ['provider.replicas', undefined, [], 'same'],
    ['provider.replicas', [], null, 'same'],
    ['provider.options', undefined, {}, 'same'],
    ['provider.replicas', ['a'], [], 'different'],
    ['labels["note"]', undefined, '', 'different'],
    ['backup.retentionDays', 7, '7', 'different'],
    ['backup.retentionDays', 0, false, 'different'],
    ['provider.options', { a: 1, b: [1] }, { b: [1], a: 1 }, 'same'],
    ['provider.options', [1, 2], [2, 1], 'different'],
    // A version prefix that is recorded is met by what lies within it; a full version that moved is drift.
    ['engineVersion', '15', '15.4', 'same'],
    ['engineVersion', '15.4', '15.4.2', 'same'],
    ['engineVersion', '15.4', '15.6', 'different'],
    ['engineVersion', '15.4', '15', 'different'],
    ['engineVersion', '1', '15', 'different'],
    ['engineVersion', '15.4', '15.40', 'different'],
    // Growth is drift too; only what is asked for is met by more.
    ['storage.gib', 100, 200, 'different'],
    ['masterPassword', secret('a'), secret('a'), 'same'],
    ['masterPassword', secret('a'), secret('b'), 'different'],
    ['masterPassword', secret('a', 'k1'), secret('b', 'k2'), 'unknown'],
    ['masterPassword', secret(), secret('b'), 'unknown'],
    ['masterPassword', secret('a'), 'plain text', 'unknown'],
    ['masterPassword', secret('a'), null, 'different'],
    ['provider.password', secret('a'), 'plain text', 'unknown'],
  ] as const)('%s: %j and %j are %s', (property, recorded, observed, comparison) => {
    expect(compareValues(definitionOf(property), recorded, observed)).toBe(comparison)
  })

  test('lists without order compare as sets, members counted', () => {
    const operations = definitionOf('operations', 'grant')
    expect(compareValues(operations, ['read', 'write'], ['write', 'read'])).toBe('same')
    expect(compareValues(operations, ['read', 'read'], ['read', 'write'])).toBe('different')
  })

  test('a request is met by what it asks for, by a version within it, and by growth beyond it, never by the unknown', () => {
    expect(isMet(definitionOf('engineVersion'), '15', '15.6')).toBe(true)
    expect(isMet(definitionOf('storage.gib'), 100, 150)).toBe(true)
    expect(isMet(definitionOf('storage.gib'), 150, 100)).toBe(false)
    expect(isMet(definitionOf('backup.retentionDays'), 7, 14)).toBe(false)
    expect(isMet(definitionOf('masterPassword'), secret(), secret())).toBe(false)
    expect(isMet(definitionOf('labels["a"]'), null, undefined)).toBe(true)
  })
})
