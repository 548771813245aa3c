import type { JsonValue, Properties } from '@infraledger/core/adapter'
import fc from 'fast-check'

const windows = fc
  .tuple(fc.constantFrom('mon', 'wed', 'sat', 'sun'), fc.integer({ min: 0, max: 22 }))
  .map(([day, hour]) => `${day}:${twoDigits(hour)}:00-${day}:${twoDigits(hour + 1)}:00`)

const CHANGEABLE = {
  tier: fc.constantFrom('small', 'medium', 'large'),
  availability: fc.constantFrom('regional', 'zonal'),
  'storage.gib': fc.integer({ min: 20, max: 200 }),
  'backup.retentionDays': fc.integer({ min: 1, max: 35 }),
  'backup.window': fc.constantFrom('01:00-01:30', '04:00-04:30'),
  deletionProtection: fc.boolean(),
  'network.publicAccess': fc.boolean(),
  'network.tlsRequired': fc.boolean(),
  'maintenance.window': windows,
  'parameters["max_connections"]': fc.constantFrom('100', '200', '400'),
  'labels["team"]': fc.constantFrom('core', 'shop', 'a.b'),
} satisfies Record<string, fc.Arbitrary<JsonValue>>

/** Values that a `sql-instance` may be made with; any of them may be left out. */
export function sqlInstanceProperties(): fc.Arbitrary<Properties> {
  const engineVersion = fc.constantFrom('15', '15.4', '16.2')
  return fc
    .record({ ...CHANGEABLE, engineVersion, 'encryption.atRest': fc.boolean() }, { requiredKeys: [] })
    .map(stated)
}

/** Changes that may be asked of a `sql-instance`, one at least. A provider may still refuse them, such as a smaller storage. */
export function sqlInstancePatches(): fc.Arbitrary<Properties> {
  return fc
    .record(CHANGEABLE, { requiredKeys: [] })
    .map(stated)
    .filter((patch) => Object.keys(patch).length > 0)
}

/** Without the prototype-less marks of generated records: plain JSON, as a caller would write it. */
function stated(properties: Readonly<Record<string, JsonValue | undefined>>): Properties {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
}

function twoDigits(hour: number): string {
  return String(hour).padStart(2, '0')
}
