import { describeCloudProvider } from '@infraledger/testkit'
import { describe, it } from 'vitest'
import { account } from './aws-account.fixture.ts'

describeCloudProvider(
  'AWS over HTTP',
  async () => {
    const { aws, cloud, clock, ...there } = await account({ pageSize: 2 })
    return {
      provider: cloud,
      target: aws.target,
      sample: {
        kind: 'sql-instance',
        properties: { tier: 'db.t4g.medium', 'backup.retentionDays': 7, deletionProtection: false },
        change: { 'backup.retentionDays': 14, 'labels["team"]': 'core' },
        deferrable: { tier: 'db.r6g.large' },
        immutable: { 'encryption.atRest': false },
        protection: { deletionProtection: true },
        copies: true,
      },
      moreThanAPage: 5,
      name: (hint) => `conformance-${hint}`,
      pause: (milliseconds) => clock.sleep(milliseconds),
      cleanup: async () => there[Symbol.asyncDispose](),
    }
  },
  { describe, it },
)
