import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import { EC2Client } from '@aws-sdk/client-ec2'
import { RDSClient } from '@aws-sdk/client-rds'
import type { RDSClientConfig } from '@aws-sdk/client-rds'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { STSClient } from '@aws-sdk/client-sts'

/** The SDK's clients of one region. */
export type AwsClients = {
  readonly rds: RDSClient
  readonly ec2: EC2Client
  readonly cloudTrail: CloudTrailClient
  readonly sts: STSClient
  readonly secrets: SecretsManagerClient
}

/** Attempts of one call, the first included: the SDK waits in between, and slows down as AWS throttles (`retryMode: 'adaptive'`). */
const ATTEMPTS = 6
const CONNECT_WITHIN_MS = 5_000
const ANSWER_WITHIN_MS = 60_000

/** How clients are made. */
export type ClientOptions = {
  /** Where AWS is, if not where the SDK finds it (`AWS_ENDPOINT_URL`, or the region's own endpoints). */
  readonly endpoint?: string
  readonly credentials?: NonNullable<RDSClientConfig['credentials']>
  /** Clients of your own for a region; the others are made. */
  readonly clients?: (region: string) => Partial<AwsClients>
}

/** The clients of each region, made when they are first needed. */
export function clientsByRegion({ endpoint, credentials, clients }: ClientOptions): (region: string) => AwsClients {
  const made = new Map<string, AwsClients>()
  const make = (region: string): AwsClients => {
    const config = {
      region,
      retryMode: 'adaptive',
      maxAttempts: ATTEMPTS,
      customUserAgent: [['infraledger', '0.1.0']] as [string, string][],
      requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, requestTimeout: ANSWER_WITHIN_MS },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    }
    return {
      rds: new RDSClient(config),
      ec2: new EC2Client(config),
      cloudTrail: new CloudTrailClient(config),
      sts: new STSClient(config),
      secrets: new SecretsManagerClient(config),
      ...clients?.(region),
    }
  }
  return (region) => {
    const known = made.get(region) ?? make(region)
    made.set(region, known)
    return known
  }
}
