import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { jsonEqual } from '@infraledger/core/adapter'
import { RDS_SETTINGS } from '../changing/settings.ts'
import { dbInstanceObservation } from './db-instance-observation.ts'
import { dbInstanceSchema } from './db-instance-schema.ts'
import { providerProperties } from './provider-properties.ts'
import { RDS_VOLATILE_PROPERTIES } from './volatile-properties.ts'

const root = new URL('../../../../../shared/real-inputs/', import.meta.url)
type Described = Readonly<Record<string, unknown>> & { readonly DBInstanceIdentifier: string }

/** Consecutive readings of one instance in each of cloud-custodian's recordings. */
function pairs(): readonly (readonly [string, Described, Described])[] {
  const files = globSync('cloud-custodian-rds-recordings/*/rds.DescribeDBInstances_*.json', { cwd: root }).toSorted()
  const byTest = Object.groupBy(files, (file) => file.split('/')[1] ?? '')
  return Object.entries(byTest).flatMap(([test, readings = []]) => {
    const instances = readings.map(
      (file): readonly Described[] => JSON.parse(readFileSync(new URL(file, root), 'utf8')).data.DBInstances,
    )
    return instances.slice(1).flatMap((after, index) =>
      after.flatMap((later) => {
        const earlier = instances[index]?.find(({ DBInstanceIdentifier: name }) => name === later.DBInstanceIdentifier)
        return earlier === undefined ? [] : [[test, earlier, later] as const]
      }),
    )
  })
}

/** Where two descriptions differ, down to members of members: `VpcSecurityGroups.Status`. */
function differing(before: unknown, after: unknown, path = ''): readonly string[] {
  if (jsonEqual(before as never, after as never)) return []
  if (Array.isArray(before) && Array.isArray(after))
    return after
      .flatMap((value, index) => differing(before[index], value, path))
      .concat(before.length === after.length ? [] : [`${path}.*`])
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return [path]
  const [left, right] = [Object.entries(before), Object.entries(after)]
  const names = new Set([...left, ...right].map(([name]) => name))
  const valueOf = (entries: readonly [string, unknown][], name: string): unknown =>
    entries.find(([key]) => key === name)?.[1]
  return [...names].flatMap((name) =>
    differing(valueOf(left, name), valueOf(right, name), path === '' ? name : `${path}.${name}`),
  )
}

const model: { readonly shapes: { readonly ModifyDBInstanceMessage: { readonly members: object } } } = JSON.parse(
  readFileSync(new URL('botocore-rds-model/service-2.json', root), 'utf8'),
)
const parameters = Object.keys(model.shapes.ModifyDBInstanceMessage.members)

/** Whether ModifyDBInstance has a parameter for a member, by that name or the names that RDS gives lists and switches there. */
function isSetByCalls(path: string): boolean {
  if (path.endsWith('.Status')) return false
  const [member = ''] = path.split('.')
  const names = [member, `${member.replace(/s$/, '')}Ids`, `Enable${member.replace(/Enabled$/, '')}`]
  return names.some((name) => parameters.includes(name)) || member === 'EnabledCloudwatchLogsExports'
}

describe('what RDS moves by itself', () => {
  it('AWS 3: members that differ between recorded readings of one instance and that no call sets are not among the compared properties', () => {
    const paths = new Set(pairs().flatMap(([, before, after]) => differing(before, after)))
    const [set, moved] = [
      [...paths].filter(isSetByCalls).toSorted(),
      [...paths].filter((path) => !isSetByCalls(path)).toSorted(),
    ]
    expect(set).toEqual([
      'AllocatedStorage',
      'CopyTagsToSnapshot',
      'EnabledCloudwatchLogsExports',
      'EnabledCloudwatchLogsExports.*',
      'PerformanceInsightsEnabled',
      'PreferredMaintenanceWindow',
      'PubliclyAccessible',
      // Taken away from the middle of the list, so that the ids move up.
      'VpcSecurityGroups',
      'VpcSecurityGroups.*',
      'VpcSecurityGroups.VpcSecurityGroupId',
    ])
    expect(moved).toEqual(['DBInstanceStatus', 'VpcSecurityGroups.Status'])
    const told = JSON.stringify(
      dbInstanceObservation(
        dbInstanceSchema.parse({
          DBInstanceIdentifier: 'a',
          DBInstanceStatus: 'modifying',
          VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1', Status: 'adding' }],
        }),
      ).properties,
    )
    expect(told).not.toMatch(/modifying|adding/)
  })

  it('AWS 3: nothing that a person can set is on the list, and everything on it that RDS describes is only put out', () => {
    expect(
      RDS_VOLATILE_PROPERTIES.filter(
        (property) =>
          (RDS_SETTINGS as Readonly<Record<string, { onModify?: string }>>)[property]?.onModify !== undefined,
      ),
    ).toEqual([])
    const everything = providerProperties(
      dbInstanceSchema.parse({
        DBInstanceIdentifier: 'a',
        Endpoint: { Address: 'a', Port: 1, HostedZoneId: 'z' },
        AvailabilityZone: 'a',
        SecondaryAvailabilityZone: 'b',
        LatestRestorableTime: new Date(0),
        InstanceCreateTime: new Date(0),
        CertificateDetails: { ValidTill: new Date(0) },
        EnhancedMonitoringResourceArn: 'arn',
        AwsBackupRecoveryPointArn: 'arn',
        IsStorageConfigUpgradeAvailable: true,
      }),
    )
    // These two are told by other sources only, such as a Terraform state.
    const elsewhere = ['provider.status', 'provider.listener_endpoint']
    expect(RDS_VOLATILE_PROPERTIES.filter((property) => !Object.hasOwn(everything, property))).toEqual(elsewhere)
  })
})
