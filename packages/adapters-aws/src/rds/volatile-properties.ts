/**
 * Properties of an RDS instance that the provider moves by itself or only puts out: recorded, never compared (DRIFT 1). Those that no
 * reading of this adapter carries are listed too, because other sources (a Terraform state) may.
 */
export const RDS_VOLATILE_PROPERTIES = [
  'provider.status',
  'provider.latest_restorable_time',
  'provider.address',
  'provider.endpoint',
  'provider.hosted_zone_id',
  'provider.listener_endpoint',
  // Both zones swap at a failover.
  'provider.availability_zone',
  'provider.secondary_availability_zone',
  'provider.instance_create_time',
  'provider.certificate_valid_till',
  'provider.enhanced_monitoring_resource_arn',
  'provider.aws_backup_recovery_point_arn',
  'provider.is_storage_config_upgrade_available',
] as const
