import { recordingTelemetry } from '@infraledger/testkit'
import { describe, expect, test } from 'vitest'
import type { KindCapabilities } from '../cloud/cloud-provider.ts'
import type { ObservationPage } from '../cloud/observation.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { LedgerError } from '../ledger-error.ts'
import { observedCloud } from './observed-cloud.ts'
import { observedStore } from './observed-store.ts'
import { withMembers } from './with-members.ts'

const PAGE: ObservationPage = { found: [], missing: [], failed: [] }
const ref = { provider: 'own', account: 'a', region: 'r1', type: 't', name: 'n' }
const retryable = (): LedgerError =>
  new LedgerError('cloud-retryable', 'later', { provider: 'own', operation: 'snapshot', reason: 'busy' })

/** An adapter as somebody may write it: a class, with private fields and an operation that the port does not know. */
class OwnCloud {
  readonly name = 'own'
  readonly #pages = [PAGE, PAGE]
  capabilities(): KindCapabilities | undefined {
    return this.#pages.length > 0 ? undefined : undefined
  }
  async *observe(): AsyncIterable<ObservationPage> {
    yield* this.#pages
  }
  async *discover(): AsyncIterable<ObservationPage> {
    yield PAGE
    throw retryable()
  }
  create(): never {
    throw retryable()
  }
  update(): never {
    throw retryable()
  }
  remove(): never {
    throw retryable()
  }
  snapshot(): Promise<never> {
    return Promise.reject(retryable())
  }
  async rename(request: { readonly kind: string }): Promise<string> {
    return `${request.kind} ${this.#pages.length}`
  }
}

describe('a port that is looked at', () => {
  test('TELEMETRY 6: without telemetry it is the port itself', () => {
    const [store, cloud] = [inMemoryEventStore(), new OwnCloud()]
    expect(observedStore(store, undefined)).toBe(store)
    expect(observedCloud(cloud, undefined)).toBe(cloud)
  })

  test('TELEMETRY 6: a class with private fields and operations that the port does not know works as before, and is told', async () => {
    const telemetry = recordingTelemetry()
    const observed = observedCloud(new OwnCloud(), telemetry)
    expect(observed.name).toBe('own')
    expect(observed.capabilities('x')).toBeUndefined()
    expect(await Reflect.apply(Reflect.get(observed, 'rename'), observed, [{ kind: 'bucket' }])).toBe('bucket 2')
    expect('rename' in observed).toBe(true)
    expect(Reflect.get(observed, 'observe')).toBe(Reflect.get(observed, 'observe'))
    expect(telemetry.spans).toMatchObject([
      { name: 'rename own', ends: 1, attributes: { 'infraledger.node.kind': 'bucket', 'infraledger.outcome': 'done' } },
    ])
  })

  test('TELEMETRY 6: a frozen one works, too', async () => {
    const frozen = Object.freeze({ ...inMemoryEventStore() })
    const observed = observedStore(frozen, recordingTelemetry())
    await observed.saveSnapshot({ stream: 's', revision: 0, hash: 'h', foldVersion: 1, state: '{}' })
    expect(await observed.loadSnapshot('s')).toMatchObject({ revision: 0 })
    expect({ ...observed }).toMatchObject({ name: frozen.name, positions: 'dense' })
  })

  test('TELEMETRY 6: a member that changes is seen as it is now', () => {
    const port = { value: 1, ask: (): number => 1 }
    const observed = withMembers(port, (_key, member) => member)
    port.value = 2
    port.ask = () => 2
    expect([observed.value, observed.ask()]).toEqual([2, 2])
  })
})

describe('a provider call', () => {
  test('TELEMETRY 1: is over with its last page, when its reader leaves, or when it fails; its outcome is told in one word', async () => {
    const telemetry = recordingTelemetry()
    const observed = observedCloud(new OwnCloud(), telemetry)
    for await (const page of observed.observe([ref])) expect(page).toBe(PAGE)
    for await (const page of observed.observe([ref])) {
      expect(page).toBe(PAGE)
      break
    }
    const read = async () => {
      for await (const page of observed.discover({ provider: 'own', account: 'a', region: 'r1' }))
        expect(page).toBe(PAGE)
    }
    await expect(read()).rejects.toMatchObject({ code: 'cloud-retryable' })
    const options = { idempotencyKey: 'k' }
    await expect(observed.snapshot({ ref, kind: 'bucket', name: 'c' }, options)).rejects.toThrow('later')
    expect(() => observed.remove({ ref, kind: 'bucket', removeAutomatedBackups: false }, options)).toThrow('later')
    expect(
      telemetry.spans.map(({ name, ends, attributes }) => [
        name,
        ends,
        attributes['infraledger.outcome'],
        attributes['infraledger.pages'],
      ]),
    ).toEqual([
      ['observe own', 1, 'done', 2],
      ['observe own', 1, 'done', 1],
      ['discover own', 1, 'retryable', 1],
      ['snapshot own', 1, 'retryable', undefined],
      ['remove own', 1, 'retryable', undefined],
    ])
    expect(telemetry.spans[2]?.attributes['infraledger.provider.region']).toBe('r1')
    expect(telemetry.measurements.map(({ metric, attributes }) => [metric, attributes['error.type']])).toEqual([
      ['infraledger.provider.call.duration', undefined],
      ['infraledger.provider.call.duration', undefined],
      ['infraledger.provider.call.duration', 'cloud-retryable'],
      ['infraledger.provider.call.duration', 'cloud-retryable'],
      ['infraledger.provider.call.duration', 'cloud-retryable'],
    ])
  })
})
