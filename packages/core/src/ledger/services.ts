import { v7 as uuidv7 } from 'uuid'
import type { Authorizer } from '../access/authorizer.ts'
import { rolePolicy } from '../access/role-policy.ts'
import type { CloudProvider } from '../cloud/cloud-provider.ts'
import { platformProvider } from '../compute/platform-provider.ts'
import type { Clock } from '../clock.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { LedgerError } from '../ledger-error.ts'
import { environmentOfStream } from '../event-store/stream-names.ts'
import { identities } from './identities.ts'
import type { Identities } from './identities.ts'
import type { LedgerOptions } from './options.ts'
import { observedCloud } from '../telemetry/observed-cloud.ts'
import { observedStore } from '../telemetry/observed-store.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { defaultResourceName } from './resource-name.ts'
import { snapshotPolicy } from './snapshot-policy.ts'
import type { SnapshotPolicy } from './snapshot-policy.ts'
import { systemClock } from './system-clock.ts'
import type { Warn } from './warning.ts'

/** What all environments of one ledger share. */
export type LedgerServices = {
  readonly store: EventStore
  readonly clock: Clock
  readonly telemetry: Telemetry | undefined
  readonly snapshots: SnapshotPolicy
  readonly warn: Warn
  /** Clouds and, as providers of the kinds that they run, platforms. */
  readonly clouds: ReadonlyMap<string, CloudProvider>
  readonly kinds: KindCatalogue
  readonly newId: () => string
  readonly authorizer: Authorizer
  readonly identities: Identities
  readonly nameResource: NonNullable<LedgerOptions['nameResource']>
  readonly labelResource: NonNullable<LedgerOptions['labelResource']>
  /** Names of the environments that were created, in the order of their creation; `deleted` also those that were deleted since. */
  readonly environmentNames: (options?: { readonly deleted?: boolean }) => Promise<readonly string[]>
}

/**
 * What the options of a ledger come to, with defaults. Throws `kind-exists` for a kind of one's own that has a standard one's name, and
 * `input-invalid`.
 */
export function ledgerServices(options: LedgerOptions): LedgerServices {
  const clock = options.clock ?? systemClock
  const own = options.kinds ?? []
  const taken = own.find(({ name }) => standardKinds.some((kind) => kind.name === name))
  if (taken !== undefined)
    throw new LedgerError('kind-exists', `"${taken.name}" is a standard kind; give yours another name`, {
      kind: taken.name,
    })
  const { telemetry } = options
  const store = observedStore(options.store, telemetry)
  return {
    store,
    clock,
    telemetry,
    snapshots: snapshotPolicy(options.snapshots),
    warn: warnings(options),
    clouds: providersOf(options),
    kinds: kindCatalogue([...standardKinds, ...own]),
    newId: () => uuidv7({ msecs: clock.now().getTime() }),
    authorizer: options.authorizer ?? rolePolicy(),
    identities: identities(options.authenticator, clock),
    nameResource: options.nameResource ?? defaultResourceName,
    labelResource: options.labelResource ?? (() => ({})),
    environmentNames: ({ deleted = false } = {}) => environmentNames(store, deleted),
  }
}

/** A warning goes to who asked for it, and is counted. */
function warnings({ onWarning, telemetry }: LedgerOptions): Warn {
  return (warning) => {
    const { environment, problem } = warning.details
    const attributes = { 'infraledger.environment': environment, 'infraledger.snapshot.problem': problem }
    telemetry?.measure('infraledger.snapshots.ignored', 1, attributes)
    onWarning?.(warning)
  }
}

function providersOf({ clouds = [], platforms = [], telemetry }: LedgerOptions): ReadonlyMap<string, CloudProvider> {
  const providers = new Map(clouds.map((cloud) => [cloud.name, observedCloud(cloud, telemetry)]))
  for (const platform of platforms) {
    if (providers.has(platform.name)) {
      const problem = `"${platform.name}" is the name of another provider: a target could mean either`
      throw new LedgerError('input-invalid', `the platform cannot be used: ${problem}`, {
        what: 'platforms',
        issues: [{ path: 'platforms', problem }],
      })
    }
    providers.set(platform.name, observedCloud(platformProvider(platform), telemetry))
  }
  return providers
}

async function environmentNames(store: EventStore, deleted: boolean): Promise<readonly string[]> {
  const names = new Set<string>()
  for await (const { type, stream } of store.readAll({ types: ['EnvironmentCreated', 'EnvironmentDeleted'] })) {
    const name = environmentOfStream(stream)
    if (type === 'EnvironmentCreated') names.add(name)
    else if (!deleted) names.delete(name)
  }
  return [...names]
}
