import { isGeneratedId } from '../refs/worldwide-id.ts'
import type { ExportedResource } from './exported-resource.ts'

/** How the id for `terraform import` is made of what the ledger knows; undefined where it does not know enough. */
export type ImportId = (resource: ExportedResource) => string | undefined

const name: ImportId = ({ ref }) => ref.name
const generatedId: ImportId = ({ ref, attribute }) =>
  [ref.id, attribute('id')].find((id) => id !== undefined && isGeneratedId(id))
const id: ImportId = ({ attribute }) => attribute('id')
const arn: ImportId = ({ ref, attribute }) =>
  [attribute('arn'), ref.id, attribute('id')].find((found) => found?.startsWith('arn:'))

/** `projects/…`, which the provider takes of each of these types; a self link has the API before it. */
const projectPath: ImportId = ({ ref, attribute }) =>
  [attribute('id'), ref.id].map((found) => /(?:^|\/)(projects\/.+)$/.exec(found ?? '')?.[1]).find((path) => path)

/**
 * Import ids by Terraform type, as the section "Import" of each type's page in the providers' references has them (registry.terraform.io,
 * hashicorp/aws and hashicorp/google). A type that is not here is not guessed: many take an id of several parts.
 */
const IMPORT_IDS: ReadonlyMap<string, ImportId> = new Map<string, ImportId>([
  ['aws_db_instance', name],
  ['aws_rds_cluster', ({ ref, attribute }) => attribute('cluster_identifier') ?? ref.name],
  ['aws_rds_cluster_instance', ({ ref, attribute }) => attribute('identifier') ?? ref.name],
  ['aws_s3_bucket', ({ ref, attribute }) => attribute('bucket') ?? ref.name],
  ['aws_sqs_queue', ({ attribute }) => [attribute('url'), attribute('id')].find((url) => url?.startsWith('https://'))],
  ['aws_lambda_function', ({ ref, attribute }) => attribute('function_name') ?? ref.name],
  ['google_sql_database_instance', ({ ref }) => (ref.account === undefined ? undefined : `${ref.account}/${ref.name}`)],
  ['google_storage_bucket', name],
  ...all(name, [
    'aws_autoscaling_group',
    'aws_cloudwatch_log_group',
    'aws_db_option_group',
    'aws_db_parameter_group',
    'aws_db_subnet_group',
    'aws_dynamodb_table',
    'aws_ecr_repository',
    'aws_ecs_cluster',
    'aws_eks_cluster',
    'aws_elasticache_cluster',
    'aws_elasticache_parameter_group',
    'aws_elasticache_replication_group',
    'aws_elasticache_subnet_group',
    'aws_iam_group',
    'aws_iam_instance_profile',
    'aws_iam_role',
    'aws_iam_user',
    'aws_kms_alias',
    'aws_rds_cluster_parameter_group',
  ]),
  ...all(generatedId, [
    'aws_ebs_volume',
    'aws_efs_file_system',
    'aws_eip',
    'aws_instance',
    'aws_internet_gateway',
    'aws_launch_template',
    'aws_nat_gateway',
    'aws_network_acl',
    'aws_network_interface',
    'aws_route_table',
    'aws_security_group',
    'aws_subnet',
    'aws_vpc',
    'aws_vpc_endpoint',
    'aws_vpc_peering_connection',
  ]),
  ...all(id, ['aws_api_gateway_rest_api', 'aws_cloudfront_distribution', 'aws_kms_key', 'aws_route53_zone']),
  ...all(arn, [
    'aws_acm_certificate',
    'aws_iam_policy',
    'aws_lb',
    'aws_lb_listener',
    'aws_lb_target_group',
    'aws_secretsmanager_secret',
    'aws_sfn_state_machine',
    'aws_sns_topic',
  ]),
  ...all(projectPath, [
    'google_bigquery_dataset',
    'google_compute_address',
    'google_compute_disk',
    'google_compute_firewall',
    'google_compute_instance',
    'google_compute_network',
    'google_compute_subnetwork',
    'google_pubsub_subscription',
    'google_pubsub_topic',
    'google_redis_instance',
    'google_secret_manager_secret',
    'google_service_account',
    'google_sql_database',
  ]),
])

/** How the import id of a Terraform type is made; undefined for types whose form is not known. */
export function importIdOf(type: string): ImportId | undefined {
  return IMPORT_IDS.get(type)
}

function all(importId: ImportId, types: readonly string[]): readonly (readonly [string, ImportId])[] {
  return types.map((type) => [type, importId] as const)
}
