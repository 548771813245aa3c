import type { EventStore } from '@infraledger/core/adapter'
import { patiently } from './patience.ts'
import type { Projector } from './projector.ts'

/**
 * Projects whatever is appended to a store, until the signal aborts. Costs nothing while nothing is appended; waits while the tables are out of
 * reach. Throws what the projection throws.
 */
export async function follow(projecting: Projector, store: EventStore, signal: AbortSignal): Promise<void> {
  const failed = new AbortController()
  const ended = AbortSignal.any([signal, failed.signal])
  let failure: { readonly error: unknown } | undefined
  const wake = (): void => {
    patiently(() => projecting.pump(), ended).catch((error: unknown) => {
      failure ??= { error }
      failed.abort()
    })
  }
  const after = projecting.position()
  // All that lies up to that position can be seen by now, so another look finds it; what comes behind it is told.
  await patiently(() => projecting.discover(), ended)
  projecting.makeAllDue()
  wake()
  for await (const event of store.subscribe({ after, signal: ended })) {
    if (projecting.notice(event)) wake()
  }
  await projecting.pump().catch((error: unknown) => (failure ??= { error }))
  if (failure !== undefined) throw failure.error
}
