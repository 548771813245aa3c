import { virtualClock } from '@infraledger/testkit'
import type { VirtualClock } from '@infraledger/testkit'
import { startFakeAws, whenSocketsQuiet } from '@infraledger/testkit/aws'
import type { FakeAws, FakeAwsOptions } from '@infraledger/testkit/aws'
import { awsCloud } from './aws-cloud.ts'
import type { AwsCloud, AwsCloudOptions } from './aws-cloud.ts'

/** An AWS account behind a socket, the adapter that talks to it over the real SDK, and the clock of both, which jumps over every wait. */
export type Account = { readonly aws: FakeAws; readonly cloud: AwsCloud; readonly clock: VirtualClock }

/** A fresh account; what it is closed by stops its server. */
export async function account(
  server: Partial<FakeAwsOptions> = {},
  options: Partial<AwsCloudOptions> = {},
): Promise<Account & AsyncDisposable> {
  const clock = virtualClock({ start: '2026-03-02T12:00:00Z', autoAdvance: true, settle: whenSocketsQuiet })
  const aws = await startFakeAws({ clock, ...server })
  const cloud = awsCloud({
    endpoint: aws.endpoint,
    region: aws.target.region,
    credentials: { accessKeyId: 'infraledger', secretAccessKey: 'any' },
    clock,
    callsPerSecond: 1_000,
    ...options,
  })
  return {
    aws,
    cloud,
    clock,
    async [Symbol.asyncDispose]() {
      clock.autoAdvance(false)
      await aws.close()
    },
  }
}
