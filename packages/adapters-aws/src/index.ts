/**
 * Amazon Web Services as a cloud of Infraledger: RDS over the official SDK, and the translation of what RDS answers.
 *
 * @packageDocumentation
 */
export { awsCloud } from './aws-cloud.ts'
export type { AwsCloud, AwsCloudOptions } from './aws-cloud.ts'
export type {
  AwsDatabases,
  ReplicaRequest,
  RestoreRequest,
  RestoreSource,
  UpgradeRequest,
  UpgradeTarget,
} from './databases/databases.ts'
export type { CreationDefaults } from './changing/parameters.ts'
export type { AwsClients, ClientOptions } from './session/clients.ts'
export { dbInstanceObservation } from './rds/db-instance-observation.ts'
export type { LiveFacts } from './rds/db-instance-observation.ts'
export { dbInstanceSchema } from './rds/db-instance-schema.ts'
export type { DbInstance } from './rds/db-instance-schema.ts'
export { RDS_VOLATILE_PROPERTIES } from './rds/volatile-properties.ts'
export { readDbInstances } from './recordings/read-db-instances.ts'
export type { DbInstancesReading } from './recordings/read-db-instances.ts'
export { readCloudTrail } from './recordings/read-cloud-trail.ts'
export type { TrailReading } from './recordings/read-cloud-trail.ts'
