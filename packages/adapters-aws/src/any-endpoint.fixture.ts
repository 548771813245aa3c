import {
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from '@aws-sdk/client-rds'
import type { DBInstance } from '@aws-sdk/client-rds'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { systemClock } from '@infraledger/core'
import type { CloudProviderHarness } from '@infraledger/testkit'
import { awsCloud } from './aws-cloud.ts'

/**
 * A harness of the conformance suite at the endpoint that `AWS_ENDPOINT_URL` names, with the credentials and the region of the
 * environment. It makes and removes instances there, so it is for an account in which nothing else is.
 */
export async function anyEndpoint(sample: CloudProviderHarness['sample']): Promise<CloudProviderHarness> {
  const region = process.env['AWS_REGION'] ?? 'us-east-1'
  const rds = new RDSClient({ region })
  const { Account: account = '' } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}))
  const run = Date.now().toString(36)
  return {
    provider: awsCloud({ region, pollMs: 500, callsPerSecond: 100, defaults: { storageType: 'gp2' } }),
    target: { provider: 'aws', account, region },
    sample,
    moreThanAPage: Number(process.env['INFRALEDGER_MORE_THAN_A_PAGE'] ?? 3),
    name: (hint) => `suite-${run}-${hint}`,
    pause: (milliseconds) => systemClock.sleep(milliseconds),
    cleanup: () => removeAll(rds, `suite-${run}-`),
  }
}

/** Looks at most until everything is gone: an hour, where RDS is slow. */
const LOOKS = 360
const LOOK_MS = Number(process.env['INFRALEDGER_LOOK_MS'] ?? 500)

/** Removes what the suite made, by the prefix of its names, and what protects it before; what is busy is asked again. */
async function removeAll(rds: RDSClient, prefix: string): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const { DBInstances: all = [] } = await rds.send(new DescribeDBInstancesCommand({}))
    const left = all.filter(({ DBInstanceIdentifier: name }) => name?.startsWith(prefix) === true)
    if (left.length === 0) break
    for (const instance of left) await removeOne(rds, instance).catch(() => undefined)
    await systemClock.sleep(LOOK_MS)
  }
  const { DBSnapshots: copies = [] } = await rds.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual' }))
  for (const { DBSnapshotIdentifier: name } of copies)
    if (name?.startsWith(prefix) === true) await rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: name }))
}

async function removeOne(rds: RDSClient, instance: DBInstance): Promise<void> {
  const { DBInstanceIdentifier: name, DeletionProtection: isProtected } = instance
  if (isProtected === true)
    await rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: name, DeletionProtection: false }))
  await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: name, SkipFinalSnapshot: true }))
}
