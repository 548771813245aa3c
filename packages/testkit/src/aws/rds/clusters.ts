import type { FakeResource } from '../../fake-cloud/world.ts'
import { AwsError, invalidValue } from '../wire/aws-error.ts'
import { items } from '../wire/xml.ts'
import type { XmlValue } from '../wire/xml.ts'
import { nameIn, rdsArn } from './arn.ts'
import { INSTANCE_KIND, resourcesSeen } from './instances.ts'
import type { FormCall, FormOperation } from './operation.ts'
import { pageOf } from './pages.ts'
import { tagElements } from './tags.ts'
import { textIn, textOf } from '../wire/values.ts'

/** What the fake cloud calls a cluster; the name is Terraform's. */
export const CLUSTER_KIND = 'aws_rds_cluster'

const FILTERS: Readonly<Record<string, (cluster: FakeResource, value: string) => boolean>> = {
  'db-cluster-id': ({ name }, value) => name === nameIn('cluster', value).toLowerCase(),
  'db-cluster-resource-id': (cluster, value) => clusterResourceId(cluster) === value,
  engine: ({ properties }, value) => properties['engine'] === value,
}

/**
 * Reading Aurora clusters. They are made in the console of the fake cloud with the properties of a `sql-instance`; an instance whose
 * `provider.cluster_identifier` names one is a member of it.
 */
export const clusterOperations: Readonly<Record<string, FormOperation>> = {
  DescribeDBClusters: {
    effect: 'discover',
    serve(call) {
      const { form, world } = call
      const name = form.text('DBClusterIdentifier')
      const filters = form.filters()
      const unknown = filters.find((filter) => FILTERS[filter.name] === undefined)
      if (unknown !== undefined) throw invalidValue(`Unrecognized filter name: ${unknown.name}`)
      const all = resourcesSeen(call, CLUSTER_KIND).filter(
        (cluster) =>
          (name === undefined || cluster.name === nameIn('cluster', name).toLowerCase()) &&
          filters.every((filter) => filter.values.some((value) => FILTERS[filter.name]?.(cluster, value))),
      )
      if (name !== undefined && all.length === 0)
        throw new AwsError('DBClusterNotFoundFault', `DBCluster ${name} not found.`, 404)
      const { page, marker } = pageOf(all, form, (cluster) => cluster.name, world.simulation.settings.pageSize)
      return {
        Marker: marker,
        DBClusters: items(
          'DBCluster',
          page.map((cluster) => element(call, cluster)),
        ),
      }
    },
  },
}

function clusterResourceId({ id }: FakeResource): string {
  return id.replace(`${CLUSTER_KIND}-`, 'cluster-')
}

function element(call: FormCall, cluster: FakeResource): XmlValue {
  const { properties, name } = cluster
  const members = resourcesSeen(call, INSTANCE_KIND).filter(
    (instance) => instance.properties['provider.cluster_identifier'] === name,
  )
  return {
    AllocatedStorage: 1,
    AvailabilityZones: items('AvailabilityZone', [`${cluster.region}a`, `${cluster.region}b`]),
    BackupRetentionPeriod: Number(properties['backup.retentionDays'] ?? 1),
    DBClusterIdentifier: name,
    DBSubnetGroup: textOf(properties['provider.db_subnet_group_name'], 'default'),
    Status: cluster.status,
    Endpoint: `${name}.cluster.${cluster.region}.fake.invalid`,
    ReaderEndpoint: `${name}.cluster-ro.${cluster.region}.fake.invalid`,
    MultiAZ: members.length > 1,
    Engine: textOf(properties['engine'], 'aurora-postgresql'),
    EngineVersion: textOf(properties['engineVersion'], '16.4'),
    Port: 5432,
    MasterUsername: textIn(properties['provider.username']),
    PreferredBackupWindow: textOf(properties['backup.window'], '01:00-01:30'),
    PreferredMaintenanceWindow: textOf(properties['maintenance.window'], 'sun:03:00-sun:04:00'),
    DBClusterMembers: items(
      'DBClusterMember',
      members.map((instance, index) => ({
        DBInstanceIdentifier: instance.name,
        IsClusterWriter: index === 0,
        DBClusterParameterGroupStatus: 'in-sync',
        PromotionTier: 1,
      })),
    ),
    VpcSecurityGroups: {},
    StorageEncrypted: properties['encryption.atRest'] === true,
    DbClusterResourceId: clusterResourceId(cluster),
    DBClusterArn: rdsArn(cluster, 'cluster', name),
    ClusterCreateTime: new Date(cluster.createdAt),
    EngineMode: 'provisioned',
    DeletionProtection: properties['deletionProtection'] === true,
    CopyTagsToSnapshot: false,
    TagList: tagElements(properties),
    AutoMinorVersionUpgrade: true,
  }
}
