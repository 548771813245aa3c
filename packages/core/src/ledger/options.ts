import type { CloudProvider } from '../cloud/cloud-provider.ts'
import type { ComputePlatform } from '../compute/compute-platform.ts'
import type { Clock } from '../clock.ts'
import type { EventStore } from '../event-store/event-store.ts'
import type { Kind } from '../graph/kind.ts'
import type { NodeId } from '../graph/ids.ts'
import type { Actor } from '../access/actor.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Authenticator } from '../access/authenticator.ts'
import type { Authorizer } from '../access/authorizer.ts'
import type { SnapshotPolicy } from './snapshot-policy.ts'
import type { Warn } from './warning.ts'

/** What a ledger is opened with. */
export type LedgerOptions = {
  readonly store: EventStore
  /** The clouds that executors and reconciliations talk to. */
  readonly clouds?: readonly CloudProvider[]
  /** Where images are rolled out; an environment names one among its `clouds`, with the platform's name as `provider`. */
  readonly platforms?: readonly ComputePlatform[]
  /** Kinds of your own, beside the standard ones; see `defineKind`. */
  readonly kinds?: readonly Kind[]
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Where spans and metrics go, such as `openTelemetry()`; default nowhere, at no cost. */
  readonly telemetry?: Telemetry
  /** When the state of an environment is kept for faster starts; default `{ everyEvents: 5_000 }`. */
  readonly snapshots?: SnapshotPolicy
  /** Hears what the ledger got over by itself, such as a damaged snapshot; default nobody. Must not throw. */
  readonly onWarning?: Warn
  /** Proves who somebody is, for `ledger.authenticate`. Without one, actors are what callers say they are. */
  readonly authenticator?: Authenticator
  /** Decides who may do what; default `rolePolicy()`. */
  readonly authorizer?: Authorizer
  /** Names of created resources; default `<environment>-<key>`, at most 63 characters, with the incarnation from the second on. */
  readonly nameResource?: (resource: {
    readonly environment: string
    readonly node: NodeId
    readonly incarnation: number
  }) => string
  /** Labels (tags) that created resources get besides those that the code declares; default none. */
  readonly labelResource?: (resource: {
    readonly environment: string
    readonly node: NodeId
  }) => Readonly<Record<string, string>>
}

/** Who gives a command, and what it belongs to. */
export type By = {
  readonly actor: Actor
  /**
   * What the command belongs to at its caller: a request, a job, a ticket. It is in the events that come of it, in the change feed and on
   * spans; at most 128 visible ASCII characters. Default: the deployment’s id for what a deployment does, else a new one.
   */
  readonly correlationId?: string
}
