import { LedgerError } from '../ledger-error.ts'
import type { CloudProvider, CloudTarget, KindCapabilities } from './cloud-provider.ts'
import type { ObservationPage, ResourceObservation } from './observation.ts'
import { refKey } from './provider-ref.ts'

/** What a provider once answered, kept in a file: one reading of resources of some kinds. */
export type RecordedReading = {
  /** What a person calls it: a file's name, never its folder; and the SHA-256 of its content, lower-case hex. */
  readonly source: { readonly name: string; readonly digest: string }
  /** When the provider answered (ISO 8601), where the recording tells. */
  readonly observedAt?: string
  /** Whether it lists everything of its kinds in its targets: what is not in it was not there. */
  readonly complete: boolean
  readonly observations: readonly ResourceObservation[]
}

/** The accounts and regions that a reading is about. */
export function targetsOf(reading: RecordedReading): readonly CloudTarget[] {
  const targets = new Map<string, CloudTarget>()
  for (const { ref } of reading.observations) {
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
    capabilities: (kind) => (kinds.has(kind) ? capabilities : undefined),
    async *observe(refs): AsyncIterable<ObservationPage> {
      const found = refs.flatMap((ref) => byKey.get(refKey(ref)) ?? [])
      const absent = refs.filter((ref) => !byKey.has(refKey(ref)))
      const failed = absent.map((ref) => ({
        ref,
        reason: `${reading.source.name} does not hold it, and is not a whole listing`,
      }))
      yield reading.complete ? { found, missing: absent, failed: [] } : { found, missing: [], failed }
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
