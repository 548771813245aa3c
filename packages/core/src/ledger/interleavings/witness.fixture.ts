import type { CloudProvider, OperationOptions } from '../../cloud/cloud-provider.ts'
import type { ObservationPage } from '../../cloud/observation.ts'
import type { ProviderRef } from '../../cloud/provider-ref.ts'
import { decodeEvent } from '../../event-store/codec.ts'
import type { EventStore } from '../../event-store/event-store.ts'
import { allRules } from './rules/all-rules.fixture.ts'
import type { Terms } from './rules/facts.fixture.ts'
import { judge } from './rules/judge.fixture.ts'
import type { Judge } from './rules/judge.fixture.ts'
import type { Call, Moment, Seen, Tape, World } from './rules/moment.fixture.ts'

/** Sees every append, every call and every answer in the moment that it is made, has the rules held against it, and keeps all of it. */
export interface Witness {
  readonly judge: Judge
  readonly tape: Tape
  readonly see: (seen: Seen) => void
  witnessed(store: EventStore): EventStore
  watched(provider: CloudProvider): CloudProvider
}

/** A witness of a world, who looks at it and at the clock. */
export function witness(terms: Terms, look: () => World, now: () => Date): Witness {
  const held = judge(terms, allRules)
  const moments: Moment[] = []
  const see: Witness['see'] = (seen) => {
    const moment: Moment = { ...seen, at: now().toISOString(), world: look() }
    moments.push(moment)
    held.take(moment)
  }
  const call = (operation: Call['operation'], { idempotencyKey: key }: OperationOptions, ref?: ProviderRef): void =>
    see({ type: 'call', operation, key, ref })
  async function* pages(read: AsyncIterable<ObservationPage>): AsyncGenerator<ObservationPage> {
    for await (const page of read) {
      see({ type: 'reading', found: page.found, missing: page.missing })
      yield page
    }
  }
  return {
    judge: held,
    tape: { terms, moments },
    see,
    witnessed: (store) => ({
      ...store,
      async append(stream, events, expected) {
        const result = await store.append(stream, events, expected)
        const told = events.map((event, index) => {
          const revision = result.firstRevision + index
          return decodeEvent({ ...event, stream, revision, position: result.lastPosition }).event
        })
        see({ type: 'append', stream: stream.startsWith('activity-') ? 'activity' : 'environment', events: told })
        return result
      },
    }),
    watched: (provider) => ({
      ...provider,
      observe: (...args) => pages(provider.observe(...args)),
      discover: (...args) => pages(provider.discover(...args)),
      create(request, options) {
        call('create', options)
        return provider.create(request, options)
      },
      update(request, options) {
        call('update', options, request.ref)
        return provider.update(request, options)
      },
      remove(request, options) {
        call('remove', options, request.ref)
        return provider.remove(request, options)
      },
      snapshot(request, options) {
        call('take-last-copy', options, request.ref)
        return provider.snapshot(request, options)
      },
    }),
  }
}
