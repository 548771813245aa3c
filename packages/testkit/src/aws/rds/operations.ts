import { automatedBackupOperations } from './automated-backups.ts'
import { changeOperations } from './change-instances.ts'
import { clusterOperations } from './clusters.ts'
import { describeDbInstances } from './describe-instances.ts'
import { engineVersionOperations } from './engine-versions.ts'
import type { FormOperation } from './operation.ts'
import { parameterGroupOperations } from './parameter-groups.ts'
import { restoringOperations } from './restoring.ts'
import { snapshotOperations } from './snapshots.ts'
import { subnetGroupOperations } from './subnet-groups.ts'
import { taggingOperations } from './tagging.ts'

/** The operations of RDS that the server answers; any other is `InvalidAction`. */
export const rdsOperations: Readonly<Record<string, FormOperation>> = {
  DescribeDBInstances: describeDbInstances,
  ...changeOperations,
  ...snapshotOperations,
  ...taggingOperations,
  ...automatedBackupOperations,
  ...clusterOperations,
  ...subnetGroupOperations,
  ...parameterGroupOperations,
  ...engineVersionOperations,
  ...restoringOperations,
}
