import type { Claim } from '../read-models.ts'

/** What a worker knows when it looks at the claims. */
export type ClaimSituation = {
  readonly worker: string
  /** Workers that live, this one among them. */
  readonly living: ReadonlySet<string>
  readonly environments: readonly string[]
  readonly claims: readonly Claim[]
}

/** What it should do: take environments from whoever holds them (`''`: nobody), and let go of some. */
export type ClaimDecision = {
  readonly take: readonly { readonly environment: string; readonly from: string }[]
  readonly release: readonly string[]
}

/**
 * Splits environments evenly over the workers that live: nobody holds more than its share, and what nobody alive holds is taken. Every worker
 * decides for itself; two that take the same environment are told apart by the registry.
 */
export function decideClaims({ worker, living, environments, claims }: ClaimSituation): ClaimDecision {
  const holder = new Map(claims.map((claim) => [claim.environment, claim.worker]))
  const mine = environments.filter((environment) => holder.get(environment) === worker)
  const share = Math.ceil(environments.length / Math.max(1, living.size))
  if (mine.length > share) return { take: [], release: mine.slice(share) }
  const free = environments.filter((environment) => !living.has(holder.get(environment) ?? ''))
  const take = free.slice(0, share - mine.length)
  return { take: take.map((environment) => ({ environment, from: holder.get(environment) ?? '' })), release: [] }
}
