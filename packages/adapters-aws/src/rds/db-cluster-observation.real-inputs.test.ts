import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dbClusterObservation, dbClusterSchema } from './db-cluster-observation.ts'

const root = new URL('../../../../../shared/real-inputs/', import.meta.url)
const json = (file: string): unknown => JSON.parse(readFileSync(new URL(file, root), 'utf8'))
// One of them is no answer of RDS: every value in it is the word "string".
const recordings = globSync('cloud-custodian-rds-recordings/*/rds.DescribeDBClusters_*.json', { cwd: root })
  .filter((file) => !file.includes('test_rdscluster_snapshot_count_filter'))
  .toSorted()

describe('clusters that RDS described', () => {
  it('are there', () => {
    expect(recordings.length).toBeGreaterThan(20)
  })

  it.each(recordings)('AWS 6: %s translates', (file) => {
    const { data } = json(file) as {
      data: { DBClusters?: { DBClusterIdentifier: string; Engine: string; DBClusterMembers?: unknown[] }[] }
    }
    for (const described of data.DBClusters ?? []) {
      const { ref, kind, properties, status } = dbClusterObservation(dbClusterSchema.parse(described))
      expect([kind, ref.type, ref.name]).toEqual(['sql-instance', 'rds-cluster', described.DBClusterIdentifier])
      expect(ref.id).toMatch(/^cluster-/)
      expect(properties).toMatchObject({ engine: described.Engine, 'provider.members': expect.any(Array) })
      expect(properties['provider.members']).toHaveLength(described.DBClusterMembers?.length ?? 0)
      expect(status).not.toBe('unknown')
    }
  })

  it('AWS 6: the example of the command line has the properties that a reader expects', () => {
    const outputs = json('aws-cli-rds-outputs/outputs.json') as { [command: string]: { DBClusters: unknown[] }[] }
    const described = outputs['rds/describe-db-clusters']?.[0]?.DBClusters[0]
    expect(dbClusterObservation(dbClusterSchema.parse(described))).toMatchObject({
      kind: 'sql-instance',
      ref: { type: 'rds-cluster', name: 'mydbcluster', region: 'us-east-1', id: expect.stringMatching(/^cluster-/) },
      properties: {
        engine: 'aurora-mysql',
        engineVersion: '5.7.mysql_aurora.2.04.2',
        availability: 'regional',
        'backup.retentionDays': 1,
        'backup.pointInTimeRecovery': true,
        'backup.window': '09:09-09:39',
        'maintenance.window': 'sat:04:09-sat:04:39',
        'provider.db_name': 'mydbcluster',
      },
      settled: true,
    })
  })
})

/** The model of RDS, for what of a cluster can be set and is not read. */
const model = json('botocore-rds-model/service-2.json') as { shapes: { DBCluster: { members: object } } }

describe("AWS's own model of RDS", () => {
  it('AWS 6: has every member of a cluster that is read', () => {
    const members = Object.keys(model.shapes.DBCluster.members)
    expect(Object.keys(dbClusterSchema.shape).filter((member) => !members.includes(member))).toEqual([])
  })
})
