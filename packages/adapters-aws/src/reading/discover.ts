import { isLedgerError } from '@infraledger/core/adapter'
import type { CloudProvider, CloudTarget, ObservationPage, ResourceObservation } from '@infraledger/core/adapter'
import type { AwsSession } from '../session/session.ts'
import { readClusters } from './clusters.ts'
import { exposureIn } from './exposure.ts'
import { describeInstances, observationsOf, unknownIn } from './instances.ts'
import { OTHER_KINDS } from './other-kinds.ts'

/** Lists what there is in a region, a page of RDS at a time. A listing that fails says so and leaves the other kinds alone. */
export function discovering(session: AwsSession): CloudProvider['discover'] {
  return async function* discover(target, { kinds, signal } = {}) {
    const reason = await notListedBecause(session, target)
    if (reason !== undefined) {
      yield { found: [], missing: [], failed: [{ reason }] }
      return
    }
    const { region } = target
    const options = signal === undefined ? {} : { signal }
    const isWanted = (kind: string): boolean => kinds === undefined || kinds.includes(kind)
    if (isWanted('sql-instance')) {
      yield* guarded('instances', listInstances(session, region, signal))
      yield* guarded('clusters', asPages(readClusters(session, region, [], options)))
    }
    for (const [kind, listing] of OTHER_KINDS)
      if (isWanted(kind)) yield* guarded(kind, asPages(listing(session, region, options)))
  }
}

async function notListedBecause(session: AwsSession, target: CloudTarget): Promise<string | undefined> {
  if (target.provider !== 'aws') return `aws knows nothing of ${target.provider}`
  const { account } = await session.caller()
  if (account === target.account) return undefined
  return `${target.region} of account ${target.account} was not listed: the credentials are those of ${account}`
}

async function* listInstances(
  session: AwsSession,
  region: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObservationPage> {
  const exposure = exposureIn(session, region)
  for await (const { instances, unreadable } of describeInstances(
    session,
    region,
    [],
    signal === undefined ? {} : { signal },
  )) {
    const found = await observationsOf(instances, exposure, signal)
    yield { found, missing: [], failed: [...unreadable, ...unknownIn(exposure)] }
  }
}

async function* asPages(listing: AsyncIterable<readonly ResourceObservation[]>): AsyncGenerator<ObservationPage> {
  for await (const found of listing) yield { found, missing: [], failed: [] }
}

/** What AWS refuses to list is told as not seen; what may pass is thrown, for whoever reads tries again. */
async function* guarded(what: string, listing: AsyncIterable<ObservationPage>): AsyncGenerator<ObservationPage> {
  try {
    yield* listing
  } catch (error) {
    if (!isLedgerError(error, 'cloud-refused') || error.details.refusal === 'credentials-invalid') throw error
    // A server that does not know the operation has nothing of the kind.
    if (error.details.refusal === 'unsupported') return
    yield { found: [], missing: [], failed: [{ reason: `${what} could not be listed: ${error.message}` }] }
  }
}
