import { z } from 'zod'

/** What changing a property means for those who use the resource, from mildest to hardest. */
export const impactSchema = z.enum(['online', 'maintenance-window', 'restart', 'downtime', 'replace'])

export type Impact = z.infer<typeof impactSchema>

/** The hardest of several impacts; `online` for none. */
export function hardestImpact(impacts: Iterable<Impact>): Impact {
  const found = new Set(impacts)
  return impactSchema.options.findLast((impact) => found.has(impact)) ?? 'online'
}
