import type { Properties } from '@infraledger/core/adapter'
import { sqlInstanceBehaviour } from '../../fake-cloud/kinds/sql-instance.ts'
import type { FakeResource } from '../../fake-cloud/world.ts'
import { items } from '../wire/xml.ts'
import type { XmlValue } from '../wire/xml.ts'
import { dbiResourceId, rdsArn } from './arn.ts'
import { defaultPort, isClusterEngine, SETTINGS } from './settings.ts'
import { tagElements } from './tags.ts'
import { numberIn, textIn, textOf, textsIn } from '../wire/values.ts'

/** Where the other things are that an instance's description shows. */
export type Surroundings = {
  readonly subnetGroup: (name: string) => XmlValue
  readonly replicasOf: (instance: FakeResource) => readonly string[]
}

/** A `DBInstance` of the RDS API. */
export function dbInstanceElement(resource: FakeResource, around: Surroundings, now: number): XmlValue {
  const { properties, name } = resource
  const made = resource.status !== 'creating'
  const engine = properties['engine']
  return {
    DBInstanceIdentifier: name,
    DBInstanceStatus: resource.status,
    ...values(properties, () => true),
    ...endpoint(resource, now),
    InstanceCreateTime: made ? new Date(resource.createdAt) : undefined,
    LatestRestorableTime: moment(sqlInstanceBehaviour.outputs(resource, now)['provider.latestRestorableTime']),
    MultiAZ: !isClusterEngine(engine) && properties['availability'] === 'regional',
    AllocatedStorage: isClusterEngine(engine) ? 1 : numberIn(properties['storage.gib']),
    LicenseModel:
      textIn(properties['provider.license_model']) ??
      (engine === 'postgres' ? 'postgresql-license' : 'general-public-license'),
    AvailabilityZone: made ? (textIn(properties['provider.availability_zone']) ?? `${resource.region}a`) : undefined,
    SecondaryAvailabilityZone: made && properties['availability'] === 'regional' ? `${resource.region}b` : undefined,
    KmsKeyId:
      properties['encryption.atRest'] === true
        ? (textIn(properties['provider.kms_key_id']) ??
          `arn:aws:kms:${resource.region}:${resource.account}:key/aws-rds`)
        : undefined,
    ...lists(resource, around),
    PendingModifiedValues: pending({ ...resource.deferred, ...(made ? resource.inFlight : {}) }),
    DbInstancePort: 0,
    DbiResourceId: dbiResourceId(resource),
    DBInstanceArn: rdsArn(resource, 'db', name),
    CertificateDetails: made
      ? {
          CAIdentifier: textIn(properties['provider.ca_cert_identifier']),
          ValidTill: new Date(resource.createdAt + YEAR_MS),
        }
      : undefined,
    MasterUserSecret: masterUserSecret(resource),
    TagList: tagElements(properties),
    CustomerOwnedIpEnabled: false,
    BackupTarget: 'region',
    ActivityStreamStatus: 'stopped',
    EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
  }
}

/** A server certificate of RDS is good for a year (RDS User Guide, "Using SSL/TLS to encrypt a connection"). */
const YEAR_MS = 365 * 24 * 60 * 60_000

function lists(resource: FakeResource, around: Surroundings): { readonly [member: string]: XmlValue } {
  const { properties } = resource
  const version = textOf(properties['engineVersion']).split('.')[0]
  return {
    VpcSecurityGroups: items(
      'VpcSecurityGroupMembership',
      textsIn(properties['provider.vpc_security_group_ids']).map((id) => ({
        VpcSecurityGroupId: id,
        Status: 'active',
      })),
    ),
    DBSecurityGroups: {},
    DBParameterGroups: items('DBParameterGroup', [
      {
        DBParameterGroupName:
          textIn(properties['provider.parameter_group_name']) ?? `default.${textOf(properties['engine'])}${version}`,
        ParameterApplyStatus: 'in-sync',
      },
    ]),
    OptionGroupMemberships: items('OptionGroupMembership', [
      {
        OptionGroupName:
          textIn(properties['provider.option_group_name']) ?? `default:${textOf(properties['engine'])}-${version}`,
        Status: 'in-sync',
      },
    ]),
    DBSubnetGroup: around.subnetGroup(textIn(properties['provider.db_subnet_group_name']) ?? 'default'),
    ReadReplicaDBInstanceIdentifiers: items('ReadReplicaDBInstanceIdentifier', around.replicasOf(resource)),
    DomainMemberships: {},
    AssociatedRoles: {},
    EnabledCloudwatchLogsExports: listed(properties['provider.enabled_cloudwatch_logs_exports']),
  }
}

function listed(value: unknown): XmlValue {
  const all = textsIn(value)
  return all.length === 0 ? undefined : items('member', all)
}

/** `PendingModifiedValues`: what waits for the window, and what is being applied. */
function pending(waiting: Properties): XmlValue {
  const multiAz = waiting['availability']
  return {
    ...values(waiting, ({ pends }) => pends === true),
    MultiAZ: multiAz === undefined ? undefined : multiAz === 'regional',
    Port: numberIn(waiting['provider.port']),
    DBInstanceIdentifier: textIn(waiting['provider.identifier']),
    MasterUserPassword: waiting['masterPassword'] === undefined ? undefined : '****',
  }
}

function values(
  properties: Properties,
  isShown: (setting: (typeof SETTINGS)[number]) => boolean,
): { [member: string]: XmlValue } {
  const shown: { [member: string]: XmlValue } = {}
  for (const setting of SETTINGS) {
    const value = properties[setting.property]
    if (!isShown(setting) || value === undefined || value === null) continue
    shown[setting.member] =
      setting.form === 'text' ? textIn(value) : setting.form === 'whole' ? numberIn(value) : value === true
  }
  return shown
}

function endpoint(resource: FakeResource, now: number): { readonly Endpoint?: XmlValue } {
  const address = sqlInstanceBehaviour.outputs(resource, now)['provider.endpoint']
  if (typeof address !== 'string') return {}
  const port = numberIn(resource.properties['provider.port']) ?? defaultPort(resource.properties['engine'])
  return { Endpoint: { Address: address, Port: port, HostedZoneId: 'Z1FAKE' } }
}

/** The secret that RDS keeps in Secrets Manager for the master user, where it manages the password. */
function masterUserSecret(resource: FakeResource): XmlValue {
  if (resource.properties['provider.manage_master_user_password'] !== true) return undefined
  const isRotating = resource.inFlight['provider.rotations'] !== undefined
  const status = resource.status === 'creating' ? 'creating' : isRotating ? 'rotating' : 'active'
  return { SecretArn: masterSecretArn(resource), SecretStatus: status }
}

/** The ARN of that secret: RDS calls it `rds!db-<id>`. */
export function masterSecretArn(resource: FakeResource): string {
  const { region, account } = resource
  return `arn:aws:secretsmanager:${region}:${account}:secret:rds!${dbiResourceId(resource).toLowerCase()}-FAKE00`
}

function moment(value: unknown): Date | undefined {
  return typeof value === 'string' ? new Date(value) : undefined
}
