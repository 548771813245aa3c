import type { EventStore } from '../event-store/event-store.ts'
import { isLedgerError } from '../ledger-error.ts'
import { inSpan } from './in-span.ts'
import type { Told } from './in-span.ts'
import type { Attributes, Telemetry } from './telemetry.ts'
import { withMembers } from './with-members.ts'

/** A store that tells of its appends and snapshots. Reads are told where they are folded; an empty tail is not worth a span. */
export function observedStore(store: EventStore, telemetry: Telemetry | undefined): EventStore {
  if (telemetry === undefined) return store
  const told: Pick<EventStore, 'append' | 'saveSnapshot' | 'loadSnapshot'> = {
    async append(stream, events, expected) {
      const bytes = events.reduce(
        (sum, { data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata),
        0,
      )
      const work = operation('append', stream, {
        ...(events.length > 1 ? { 'db.operation.batch.size': events.length } : {}),
        'infraledger.append.events': events.length,
        'infraledger.append.bytes': bytes,
      })
      const environment = environmentOf(stream)
      try {
        const result = await inSpan(telemetry, work, () => store.append(stream, events, expected))
        telemetry.measure('infraledger.store.append.events', events.length, environment)
        telemetry.measure('infraledger.store.append.size', bytes, environment)
        return result
      } catch (error) {
        if (isLedgerError(error, 'append-conflict'))
          telemetry.measure('infraledger.store.append.conflicts', 1, environment)
        throw error
      }
    },
    saveSnapshot(snapshot, unusable) {
      const bytes = { 'infraledger.snapshot.bytes': Buffer.byteLength(snapshot.state) }
      return inSpan(telemetry, operation('save-snapshot', snapshot.stream, bytes), () =>
        store.saveSnapshot(snapshot, unusable),
      )
    },
    loadSnapshot(stream) {
      return inSpan(telemetry, operation('load-snapshot', stream), async (span) => {
        const snapshot = await store.loadSnapshot(stream)
        span.set({ 'infraledger.snapshot.found': snapshot !== undefined })
        return snapshot
      })
    },
  }
  return withMembers(store, (key, member) => (key in told ? Reflect.get(told, key) : member))
}

/** A call of the store, by OpenTelemetry's conventions for databases; the ledger is the database, whatever keeps it. */
function operation(name: string, stream: string, attributes: Attributes = {}): Told {
  const system = { 'db.system.name': 'infraledger', 'db.operation.name': name }
  return {
    name: `${name} infraledger`,
    kind: 'client',
    attributes: { ...system, 'db.collection.name': stream, ...environmentOf(stream), ...attributes },
    duration: 'infraledger.store.operation.duration',
    measured: { ...system, ...environmentOf(stream) },
  }
}

const ENVIRONMENT = 'environment-'

function environmentOf(stream: string): Attributes {
  return stream.startsWith(ENVIRONMENT) ? { 'infraledger.environment': stream.slice(ENVIRONMENT.length) } : {}
}
