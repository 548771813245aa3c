/**
 * Amazon Web Services as a cloud of Infraledger: today the translation of what RDS answers.
 *
 * @packageDocumentation
 */
export { dbInstanceObservation } from './rds/db-instance-observation.ts'
export { dbInstanceSchema } from './rds/db-instance-schema.ts'
export type { DbInstance } from './rds/db-instance-schema.ts'
export { RDS_VOLATILE_PROPERTIES } from './rds/volatile-properties.ts'
export { readDbInstances } from './recordings/read-db-instances.ts'
export type { DbInstancesReading } from './recordings/read-db-instances.ts'
