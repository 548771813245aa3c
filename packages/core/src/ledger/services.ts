import { v7 as uuidv7 } from 'uuid'
import type { Authorizer } from '../access/authorizer.ts'
import { rolePolicy } from '../access/role-policy.ts'
import type { CloudProvider } from '../cloud/cloud-provider.ts'
import type { Clock } from '../clock.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { LedgerError } from '../ledger-error.ts'
import { environmentOfStream } from './environment-stream.ts'
import { identities } from './identities.ts'
import type { Identities } from './identities.ts'
import type { LedgerOptions } from './options.ts'
import { defaultResourceName } from './resource-name.ts'
import { systemClock } from './system-clock.ts'

/** What all environments of one ledger share. */
export type LedgerServices = {
  readonly store: EventStore
  readonly clock: Clock
  readonly clouds: ReadonlyMap<string, CloudProvider>
  readonly kinds: KindCatalogue
  readonly newId: () => string
  readonly authorizer: Authorizer
  readonly identities: Identities
  readonly nameResource: NonNullable<LedgerOptions['nameResource']>
  readonly labelResource: NonNullable<LedgerOptions['labelResource']>
  /** Names of the environments that were created, in the order of their creation. */
  readonly environmentNames: () => Promise<readonly string[]>
}

/** What the options of a ledger come to, with defaults. Throws `kind-exists` for a kind of one's own that has a standard one's name. */
export function ledgerServices(options: LedgerOptions): LedgerServices {
  const clock = options.clock ?? systemClock
  const own = options.kinds ?? []
  const taken = own.find(({ name }) => standardKinds.some((kind) => kind.name === name))
  if (taken !== undefined)
    throw new LedgerError('kind-exists', `"${taken.name}" is a standard kind; give yours another name`, {
      kind: taken.name,
    })
  return {
    store: options.store,
    clock,
    clouds: new Map((options.clouds ?? []).map((cloud) => [cloud.name, cloud])),
    kinds: kindCatalogue([...standardKinds, ...own]),
    newId: () => uuidv7({ msecs: clock.now().getTime() }),
    authorizer: options.authorizer ?? rolePolicy(),
    identities: identities(options.authenticator, clock),
    nameResource: options.nameResource ?? defaultResourceName,
    labelResource: options.labelResource ?? (() => ({})),
    environmentNames: () => environmentNames(options.store),
  }
}

async function environmentNames(store: EventStore): Promise<readonly string[]> {
  const names: string[] = []
  for await (const event of store.readAll({ types: ['EnvironmentCreated'] }))
    names.push(environmentOfStream(event.stream))
  return names
}
