import { verifier } from '../audit/verify.ts'
import type { IntegrityReport } from '../audit/verify.ts'
import type { EventStore } from '../event-store/event-store.ts'

/** Holds every event of a store against its place and its hash; stops at the first that does not fit. */
export async function verifyLedger(store: EventStore): Promise<IntegrityReport> {
  const check = verifier({ positions: store.positions })
  for await (const event of store.readAll()) if (check.check(event) !== undefined) break
  return check.report()
}
