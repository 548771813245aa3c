import { systemClock } from '@infraledger/core'
import type { Clock, CloudProvider } from '@infraledger/core/adapter'
import { cloudTrailLog } from './activity/cloud-trail-log.ts'
import { capabilitiesOf } from './capabilities.ts'
import { creating } from './changing/create.ts'
import type { CreationDefaults } from './changing/parameters.ts'
import { removing } from './changing/remove.ts'
import { copying } from './changing/snapshots.ts'
import { updating } from './changing/update.ts'
import { awsDatabases } from './databases/aws-databases.ts'
import type { AwsDatabases } from './databases/databases.ts'
import { discovering } from './reading/discover.ts'
import { observing } from './reading/observe.ts'
import { clientsByRegion } from './session/clients.ts'
import type { ClientOptions } from './session/clients.ts'
import { awsSession } from './session/session.ts'

/** How AWS is reached, and what is made there. */
export type AwsCloudOptions = ClientOptions & {
  /** Where the credentials are checked, and where a ref lives that does not say. Each environment names its own regions. */
  readonly region: string
  /** Refuses to work with credentials of any other account. Environments are held to their own account in any case. */
  readonly account?: string
  /** What instances are made with where the model does not say. */
  readonly defaults?: CreationDefaults
  /** Calls in a second to one service of one region, on average. Default 10. */
  readonly callsPerSecond?: number
  /** How often an operation under way is looked at. Default 15 seconds. */
  readonly pollMs?: number
  readonly clock?: Clock
}

/** The cloud port on AWS, and what one does to databases beyond it. */
export type AwsCloud = CloudProvider & { readonly databases: AwsDatabases }

/**
 * Amazon Web Services as a cloud of a ledger: databases of RDS, made, changed, removed and observed with the official SDK. Credentials
 * are found as every AWS tool finds them (environment, profile, role), and `AWS_ENDPOINT_URL` points it at any endpoint.
 *
 * @example
 * const ledger = openLedger({ store, clouds: [awsCloud({ region: 'eu-west-1', defaults: { subnetGroup: 'private' } })] })
 */
export function awsCloud(options: AwsCloudOptions): AwsCloud {
  const { region, account, clock = systemClock, callsPerSecond = 10, pollMs = 15_000, defaults = {} } = options
  const session = awsSession({
    clients: clientsByRegion(options),
    clock,
    region,
    pollMs,
    callsPerSecond,
    ...(account === undefined ? {} : { account }),
  })
  const update = updating(session)
  return {
    name: 'aws',
    activityLog: cloudTrailLog(session),
    capabilities: capabilitiesOf,
    observe: observing(session),
    discover: discovering(session),
    create: creating(session, defaults),
    update,
    remove: removing(session),
    snapshot: copying(session),
    databases: awsDatabases(session, update, options.credentials),
  }
}
