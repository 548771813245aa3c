import { describeCloudProvider } from '@infraledger/testkit'
import type { CloudProviderHarness } from '@infraledger/testkit'
import { describe, it } from 'vitest'
import { anyEndpoint } from './any-endpoint.fixture.ts'
import { account } from './aws-account.fixture.ts'

const sample: CloudProviderHarness['sample'] = {
  kind: 'sql-instance',
  properties: { tier: 'db.t4g.medium', 'backup.retentionDays': 7, deletionProtection: false },
  change: { 'backup.retentionDays': 14, 'labels["team"]': 'core' },
  deferrable: { tier: 'db.r6g.large' },
  immutable: { 'encryption.atRest': false },
  protection: { deletionProtection: true },
  copies: true,
}

async function wireServer(): Promise<CloudProviderHarness> {
  const { aws, cloud, clock, ...there } = await account({ pageSize: 2 })
  return {
    provider: cloud,
    target: aws.target,
    sample,
    moreThanAPage: 5,
    name: (hint) => `conformance-${hint}`,
    pause: (milliseconds) => clock.sleep(milliseconds),
    cleanup: async () => there[Symbol.asyncDispose](),
  }
}

// With AWS_ENDPOINT_URL the suite runs there instead: another server that speaks RDS, or a real account made for it.
const endpoint = process.env['AWS_ENDPOINT_URL']
if (endpoint === undefined) describeCloudProvider('AWS over HTTP', wireServer, { describe, it })
else describeCloudProvider(`AWS at ${endpoint}`, () => anyEndpoint(sample), { describe, it })
