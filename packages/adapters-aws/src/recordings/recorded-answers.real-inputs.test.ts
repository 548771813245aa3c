import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { jsonEqual } from '@infraledger/core/adapter'
import type { ResourceObservation } from '@infraledger/core/adapter'
import { RDS_VOLATILE_PROPERTIES } from '../rds/volatile-properties.ts'
import { readDbInstances } from './read-db-instances.ts'

const root = new URL('../../../../../shared/real-inputs/', import.meta.url)
const recordings = globSync('cloud-custodian-rds-recordings/*/rds.DescribeDBInstances_*.json', { cwd: root }).toSorted()
const textOf = (file: string): string => readFileSync(new URL(file, root), 'utf8')
const read = (file: string) => readDbInstances(textOf(file), { name: file })
const testOf = (file: string): string => file.split('/')[1] ?? ''

const volatile = new Set<string>(RDS_VOLATILE_PROPERTIES)

/** Properties that differ between two readings of one instance, volatile ones left out; `status` for another status. */
function differences(before: ResourceObservation, after: ResourceObservation): readonly string[] {
  const keys = new Set([...Object.keys(before.properties), ...Object.keys(after.properties)])
  const changed = [...keys].filter(
    (key) => !volatile.has(key) && !jsonEqual(before.properties[key], after.properties[key]),
  )
  return [...changed, ...(before.status === after.status ? [] : ['status'])].toSorted()
}

/** What really happened between consecutive readings of each test, by instance. */
function drift(files: readonly string[]): readonly string[] {
  const readings = files.map((file) => new Map(read(file).observations.map((found) => [found.ref.name, found])))
  return readings.slice(1).flatMap((after, position) =>
    [...after].flatMap(([name, observation]) => {
      const before = readings[position]?.get(name)
      return before === undefined ? [] : differences(before, observation)
    }),
  )
}

describe('answers that RDS gave', () => {
  it('are there', () => {
    expect(recordings.length).toBeGreaterThan(40)
  })

  it.each(recordings)('IMPORT 18: %s translates', (file) => {
    const recorded: { data: { DBInstances: unknown[] } } = JSON.parse(textOf(file))
    const reading = read(file)
    expect(reading.observations).toHaveLength(recorded.data.DBInstances.length)
    for (const { ref, properties, kind } of reading.observations) {
      expect([ref.provider, ref.type, kind]).toEqual(['aws', 'rds-instance', 'sql-instance'])
      expect(JSON.stringify(properties)).not.toMatch(/\*\*\*\*|__class__/)
    }
  })

  it('IMPORT 18: the command line of DocumentDB answers the same', () => {
    const outputs: { [command: string]: unknown[] } = JSON.parse(textOf('aws-cli-rds-outputs/outputs.json'))
    const [answer] = outputs['docdb/describe-db-instances'] ?? []
    const [observation] = readDbInstances(JSON.stringify(answer), { name: 'docdb' }).observations
    expect(observation).toMatchObject({
      status: 'available',
      properties: { engine: 'docdb', 'provider.cluster_identifier': 'sample-cluster' },
    })
  })
})

/** Changed between the readings of each of cloud-custodian's tests, read by eye from the recordings. */
const HAPPENED: { readonly [test: string]: readonly string[] } = {
  test_rds_add_security_group: ['provider.vpc_security_group_ids', 'provider.vpc_security_group_ids'],
  test_rds_delete_copy_restore: ['provider.copy_tags_to_snapshot', 'status'],
  test_rds_modify_db_enable_cloudwatch: ['provider.enabled_cloudwatch_logs_exports'],
  test_rds_modify_db_enable_perfinsights: ['provider.performance_insights_enabled'],
  test_rds_public_accessible_disable: ['network.publicAccess', 'status'],
  test_rds_resize_up_asynchronously: ['maintenance.window', 'storage.gib'],
  test_rds_resize_up_immediately: ['storage.gib'],
  test_rds_sg_add_by_tag: ['provider.vpc_security_group_ids', 'status'],
  test_rds_snapshot_copy_tags_disable: ['provider.copy_tags_to_snapshot'],
  test_rds_snapshot_copy_tags_enable: ['provider.copy_tags_to_snapshot'],
  test_rds_start: ['status'],
  test_rds_stop: ['status'],
}

/** All that the twelve changed attributes of the source's 27 pairs can become. */
const POSSIBLE = new Set([
  ...Object.values(HAPPENED).flat(),
  'deletionProtection',
  'provider.auto_minor_version_upgrade',
  'backup.window',
])

describe('the second reading of an account', () => {
  const pairs = Object.entries(Object.groupBy(recordings, testOf)).filter(([, files]) => (files?.length ?? 0) > 1)

  it('are there', () => {
    expect(pairs.map(([test]) => test)).toEqual(expect.arrayContaining(Object.keys(HAPPENED)))
  })

  it.each(pairs)('IMPORT 21: of %s shows exactly the drift that happened', (test, files = []) => {
    const found = drift(files)
    const expected = HAPPENED[test]
    if (expected !== undefined) expect(found).toEqual(expected)
    expect(found.filter((property) => !POSSIBLE.has(property) && !property.startsWith('labels["'))).toEqual([])
  })
})
