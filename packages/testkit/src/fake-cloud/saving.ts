import { LedgerError } from '@infraledger/core/adapter'
import type { World } from './world.ts'

const FORMAT = 'infraledger-fake-cloud'
const VERSION = 1

/** Everything that the cloud knows, as JSON text. */
export function saveWorld(world: World): string {
  return JSON.stringify({
    format: FORMAT,
    version: VERSION,
    world: {
      ...world,
      resources: [...world.resources],
      names: [...world.names],
      past: [...world.past],
      operations: [...world.operations],
      snapshots: [...world.snapshots],
    },
  })
}

type SavedWorld = Omit<World, MapMember> & {
  [M in MapMember]: World[M] extends Map<infer K, infer V> ? [K, V][] : never
}
type MapMember = 'resources' | 'names' | 'past' | 'operations' | 'snapshots'

/** Reads what {@link saveWorld} wrote. */
export function restoreWorld(text: string): World {
  const saved = parse(text)
  return {
    ...saved,
    resources: new Map(saved.resources),
    names: new Map(saved.names),
    past: new Map(saved.past),
    operations: new Map(saved.operations),
    snapshots: new Map(saved.snapshots),
  }
}

function parse(text: string): SavedWorld {
  try {
    const saved: unknown = JSON.parse(text)
    // The header says that this very file wrote it, so its shape is known.
    const { format, version, world } = saved as { format?: string; version?: number; world?: SavedWorld }
    if (format === FORMAT && version === VERSION && world !== undefined) return world
  } catch {
    // Said below, like any other text that is not a saved cloud.
  }
  const problem = `is not what save() of this version returns (${FORMAT} ${VERSION})`
  throw new LedgerError('input-invalid', `the saved fake cloud ${problem}`, {
    what: 'saved',
    issues: [{ path: 'saved', problem }],
  })
}
