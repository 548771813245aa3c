import { LedgerError } from '../ledger-error.ts'
import type { ActivityEntry, ActivityLog } from './activity-log.ts'
import type { CloudProvider, CloudTarget, KindCapabilities } from './cloud-provider.ts'
import type { ObservationPage, ResourceObservation } from './observation.ts'
import { nameKey, refKey } from './provider-ref.ts'
import type { ProviderRef } from './provider-ref.ts'

/** What a provider once answered, kept in a file: one reading of resources of some kinds. */
export type RecordedReading = {
  /** What a person calls it: a file's name, never its folder; and the SHA-256 of its content, lower-case hex. */
  readonly source: { readonly name: string; readonly digest: string }
  /** When the provider answered (ISO 8601), where the recording tells. */
  readonly observedAt?: string
  /** Whether it lists everything of its kinds in its targets: what is not in it was not there. */
  readonly complete: boolean
  readonly observations: readonly ResourceObservation[]
  /** Resources that the provider said are gone. */
  readonly gone?: readonly ProviderRef[]
  /** What the provider's log recorded until then: who did what. */
  readonly activity?: readonly ActivityEntry[]
}

/** The accounts and regions that a reading is about. */
export function targetsOf(reading: RecordedReading): readonly CloudTarget[] {
  const targets = new Map<string, CloudTarget>()
  for (const ref of [...reading.observations.map((observation) => observation.ref), ...(reading.gone ?? [])]) {
    const { provider, account, region } = ref
    if (account !== undefined && region !== undefined)
      targets.set(`${provider}|${account}|${region}`, { provider, account, region })
  }
  return [...targets.values()]
}

/**
 * A provider that can only say what a reading recorded, so that recorded answers go through the same reconciliation as live ones.
 * What an incomplete reading does not hold could not be read; everything that would change a resource is refused.
 */
export function recordedCloud(name: string, reading: RecordedReading): CloudProvider {
  const byKey = new Map(reading.observations.map((observation) => [refKey(observation.ref), observation]))
  const capabilities: KindCapabilities = {
    refType: 'recorded',
    impact: {},
    renamable: false,
    restoreInPlace: false,
    lastCopy: 'none',
  }
  const gone = reading.gone ?? []
  const isGone = (ref: ProviderRef): boolean => gone.some((one) => isSame(one, ref))
  const kinds = new Set(reading.observations.map(({ kind }) => kind))
  const refuse = (operation: string): never => {
    throw new LedgerError('cloud-refused', `${reading.source.name} is a recording: nothing can be changed through it`, {
      provider: name,
      operation,
      reason: 'recorded',
    })
  }
  return {
    name,
    ...(reading.activity === undefined ? {} : { activityLog: recordedLog(name, reading.activity) }),
    capabilities: (kind) => (kinds.has(kind) || gone.length > 0 ? capabilities : undefined),
    async *observe(refs): AsyncIterable<ObservationPage> {
      const missing = refs.filter(isGone)
      const found = refs.flatMap((ref) => byKey.get(refKey(ref)) ?? [])
      const absent = refs.filter((ref) => !byKey.has(refKey(ref)) && !missing.includes(ref))
      const failed = absent.map((ref) => ({
        ref,
        reason: `${reading.source.name} does not hold it, and is not a whole listing`,
      }))
      yield reading.complete ? { found, missing: [...missing, ...absent], failed: [] } : { found, missing, failed }
    },
    async *discover(target): AsyncIterable<ObservationPage> {
      const found = reading.observations.filter(
        ({ ref }) => ref.account === target.account && ref.region === target.region,
      )
      yield { found, missing: [], failed: [] }
    },
    create: () => refuse('create'),
    update: () => refuse('update'),
    remove: () => refuse('remove'),
    snapshot: () => refuse('snapshot'),
  }
}

/** By immutable id where both have one, else by name. */
function isSame(one: ProviderRef, other: ProviderRef): boolean {
  return one.id !== undefined && other.id !== undefined
    ? refKey(one) === refKey(other)
    : nameKey(one) === nameKey(other)
}

/** A recording is read whole, whatever it is asked from: the ledger may be younger than what it tells of. */
function recordedLog(provider: string, activity: readonly ActivityEntry[]): ActivityLog {
  return {
    provider,
    async *entries({ account, region }, { until }) {
      for (const entry of activity)
        if (entry.ref.account === account && entry.ref.region === region && Date.parse(entry.at) <= Date.parse(until))
          yield entry
    },
  }
}
