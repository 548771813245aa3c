import { awsDbInstance } from './aws-db-instance.ts'
import { awsElasticache, googleRedisInstance } from './cache-types.ts'
import { googleSqlDatabaseInstance } from './google-sql-database-instance.ts'
import { awsSnsTopic, googlePubsubSubscription, googlePubsubTopic } from './messaging-types.ts'
import { awsSubnet, awsVpc, googleComputeNetwork, googleComputeSubnetwork } from './network-types.ts'
import {
  awsAcmCertificate,
  awsIdentity,
  awsSecret,
  googleSecret,
  googleServiceAccount,
  googleSqlDatabase,
} from './other-types.ts'
import { awsS3Bucket, googleStorageBucket } from './storage-types.ts'
import type { TypeTranslation } from './type-translation.ts'

/** The Terraform types that have a neutral kind. Every other type is imported under its own name. */
const TRANSLATIONS: ReadonlyMap<string, TypeTranslation> = new Map([
  ['aws_acm_certificate', awsAcmCertificate],
  ['aws_db_instance', awsDbInstance],
  ['aws_elasticache_cluster', awsElasticache],
  ['aws_elasticache_replication_group', awsElasticache],
  ['aws_iam_role', awsIdentity],
  ['aws_iam_user', awsIdentity],
  ['aws_s3_bucket', awsS3Bucket],
  ['aws_secretsmanager_secret', awsSecret],
  ['aws_sns_topic', awsSnsTopic],
  ['aws_subnet', awsSubnet],
  ['aws_vpc', awsVpc],
  ['google_compute_network', googleComputeNetwork],
  ['google_compute_subnetwork', googleComputeSubnetwork],
  ['google_pubsub_subscription', googlePubsubSubscription],
  ['google_pubsub_topic', googlePubsubTopic],
  ['google_redis_instance', googleRedisInstance],
  ['google_secret_manager_secret', googleSecret],
  ['google_service_account', googleServiceAccount],
  ['google_sql_database', googleSqlDatabase],
  ['google_sql_database_instance', googleSqlDatabaseInstance],
  ['google_storage_bucket', googleStorageBucket],
])

/** How resources of a Terraform type become nodes of a neutral kind; undefined for types that are imported under their own name. */
export function typeTranslation(type: string): TypeTranslation | undefined {
  return TRANSLATIONS.get(type)
}
