import type { Reconciliation } from '../drift/tally.ts'
import { inSpan } from '../telemetry/in-span.ts'
import type { EnvironmentAccess } from './environment-access.ts'

/** Tells of one scan: what it looked at, and what it came to in numbers. */
export async function tellScan(
  { name, services }: EnvironmentAccess,
  correlationId: string,
  scan: () => Promise<Reconciliation>,
): Promise<Reconciliation> {
  const { telemetry } = services
  if (telemetry === undefined) return scan()
  const measured = { 'infraledger.environment': name }
  const attributes = { ...measured, 'infraledger.correlation_id': correlationId }
  return inSpan(
    telemetry,
    { name: 'reconcile', attributes, duration: 'infraledger.reconcile.duration', measured },
    async (span) => {
      const result = await scan()
      const { counts, unseenCount, observation } = result
      span.set({
        'infraledger.observation.id': observation,
        'infraledger.reconcile.resources': counts.resources,
        'infraledger.reconcile.unseen': unseenCount,
        'infraledger.reconcile.missing': counts.missing,
        'infraledger.reconcile.adopted': counts.adopted,
      })
      return result
    },
  )
}
