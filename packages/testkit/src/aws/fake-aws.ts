import type { CloudTarget } from '@infraledger/core/adapter'
import { fakeCloudOf, simulationOf } from '../fake-cloud/fake-cloud.ts'
import type { FakeCloud, FakeCloudOptions } from '../fake-cloud/fake-cloud.ts'
import type { AwsWorld, Denial } from './aws-world.ts'
import { rdsInstanceBehaviour } from './rds/instance-behaviour.ts'
import type { AwsPrincipal } from './wire/caller.ts'
import { awsHttpServer } from './wire/http-server.ts'
import type { TrailEvent } from './wire/trail.ts'

/** How an AWS account in memory is set up. */
export type FakeAwsOptions = Omit<FakeCloudOptions, 'name'> & {
  /** 12 digits. Default 123456789012. */
  readonly account?: string
  /** Default eu-west-1. */
  readonly region?: string
  /** Where it listens, on 127.0.0.1. Default: any free port. */
  readonly port?: number
  /** Who calls, by access key id; a key that is not named is an IAM user of that name. */
  readonly principals?: Readonly<Record<string, AwsPrincipal>>
}

/** An AWS account that any SDK or command line can talk to: see {@link startFakeAws}. */
export interface FakeAws {
  /** `http://127.0.0.1:<port>`: for `endpoint`, or `AWS_ENDPOINT_URL`. */
  readonly endpoint: string
  readonly target: CloudTarget
  /** The same account from behind: its console, its faults, the truth about it. */
  readonly cloud: FakeCloud
  /** All calls that came over the wire, as CloudTrail will tell of them. */
  readonly trail: readonly TrailEvent[]
  /** Takes a right away, until the answered function is called. */
  deny(denial: Denial): () => void
  /** Ends the session of an access key. */
  expire(accessKeyId: string): void
  close(): Promise<void>
}

/**
 * Starts a server that speaks RDS (query protocol), STS, EC2 (security groups) and CloudTrail as far as the AWS adapter needs them, over
 * a fake cloud: forms in, XML out, with AWS's own error codes, HTTP statuses, markers and request ids. Signatures are not checked.
 *
 * @example
 * const aws = await startFakeAws({ clock })
 * const rds = new RDSClient({ endpoint: aws.endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'ada', secretAccessKey: 'any' } })
 * aws.cloud.console('grace').modify('orders', { 'backup.retentionDays': 3 })
 */
export async function startFakeAws(options: FakeAwsOptions): Promise<FakeAws> {
  const { account = '123456789012', region = 'eu-west-1' } = options
  const kinds = { ...options.kinds, 'sql-instance': { ...rdsInstanceBehaviour, ...options.kinds?.['sql-instance'] } }
  const simulation = simulationOf({ ...options, name: 'aws', kinds })
  const cloud = fakeCloudOf(simulation, { account, region })
  const world: AwsWorld = {
    simulation,
    cloud,
    home: cloud.target,
    principals: new Map(Object.entries(options.principals ?? {})),
    expired: new Set(),
    denials: [],
    trail: [],
    masterPasswords: new Map(),
  }
  const server = awsHttpServer(world)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    endpoint: `http://127.0.0.1:${port}`,
    target: cloud.target,
    cloud,
    trail: world.trail,
    deny(denial) {
      world.denials.push(denial)
      return () => void world.denials.splice(world.denials.indexOf(denial), 1)
    },
    expire: (accessKeyId) => void world.expired.add(accessKeyId),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
