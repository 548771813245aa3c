import { refKey } from '../cloud/provider-ref.ts'
import { atProviders } from '../protection/orphans.ts'
import type { LeftBehind } from '../protection/orphans.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import type { LedgerServices } from './services.ts'

/** Something that is still at a provider, as far as the ledger knows, although its environment has ended. */
export type Orphan = LeftBehind & {
  readonly environment: string
  /** When the environment was destroyed or deleted (ISO 8601). */
  readonly since: string
}

/**
 * What environments that were destroyed or deleted have left at providers, in the order of their creation. What an environment that lives knows
 * under the same ref is no orphan: somebody has it.
 */
export async function findOrphans(
  services: LedgerServices,
  access: (environment: string) => EnvironmentAccess,
): Promise<readonly Orphan[]> {
  const orphans: Orphan[] = []
  const known = new Set<string>()
  for (const name of await services.environmentNames({ deleted: true })) {
    const state = await access(name).read()
    const { deleted, destroyed } = state.protection
    const ended = deleted ?? destroyed
    for (const left of atProviders(state)) {
      if (ended === undefined) known.add(refKey(left.ref))
      else orphans.push({ environment: name, ...left, since: (destroyed ?? ended).at })
    }
  }
  return orphans.filter(({ ref }) => !known.has(refKey(ref)))
}
