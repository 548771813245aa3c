import { describe, expect, test } from 'vitest'
import { EVENT_LIMITS } from '../event-store/event-store.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { isLedgerError } from '../ledger-error.ts'
import { collected, eventsOf, interruptedAfter, linesOf, twoEnvironments } from './export.fixture.ts'
import { ada } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import { restoreLedger, verifyExport } from './restore-ledger.ts'

/** The lines with the one at an index (0 is the header) changed. */
function changed(lines: readonly string[], index: number, change: (line: string) => string): string[] {
  return lines.map((line, at) => (at === index ? change(line) : line))
}

/** What restoring them says, and how much of them was written. */
async function refusal(lines: readonly string[]): Promise<{ error: unknown; written: number }> {
  const store = inMemoryEventStore()
  const error = await restoreLedger(lines, store).catch((caught: unknown) => caught)
  return { error, written: (await collected(store.readAll())).length }
}

describe('an export', () => {
  test('LEAVE 1: is a header, the very text of every event in the order of the store, and a last line with count and heads', async () => {
    const store = await twoEnvironments()
    const [header, ...rest] = await linesOf(store)
    const recorded = await collected(store.readAll())
    expect(JSON.parse(header ?? '')).toEqual({
      format: 'infraledger',
      version: 1,
      exportedAt: '2026-03-02T10:00:00.000Z',
      positions: 'dense',
    })
    const digits = recorded.map((event) => ({ ...event, position: String(event.position) }))
    expect(rest.slice(0, -1).map((line) => JSON.parse(line) as unknown)).toEqual(digits)
    const { heads } = await openLedger({ store }).verify()
    expect(JSON.parse(rest.at(-1) ?? '')).toEqual({
      end: true,
      events: recorded.length,
      heads: Object.fromEntries(heads),
    })
  })

  test('LEAVE 1: has one line for each, also for readers that end lines at every separator there is', async () => {
    const lines = await linesOf(await twoEnvironments())
    for (const line of lines) expect(line.trimEnd().split(/\r?\n|\r|\u2028|\u2029/)).toHaveLength(1)
    expect(lines.every((line) => line.endsWith('\n'))).toBe(true)
  })

  test('LEAVE 1: of an empty store is whole, too', async () => {
    const lines = await linesOf(inMemoryEventStore())
    expect(lines).toHaveLength(2)
    expect(await restoreLedger(lines, inMemoryEventStore())).toMatchObject({ events: 0, restored: 0 })
  })

  test('LEAVE 1: ends by throwing when its signal aborts, without a last line', async () => {
    const stop = new AbortController()
    const ledger = openLedger({ store: await twoEnvironments() })
    const lines: string[] = []
    const reading = async (): Promise<void> => {
      for await (const line of ledger.export({ signal: stop.signal })) if (lines.push(line) === 3) stop.abort()
    }
    await expect(reading()).rejects.toThrow('aborted')
    await expect(verifyExport(lines)).rejects.toThrow('cut off')
  })
})

describe('restoring', () => {
  test('LEAVE 2: gives the same streams, revisions, ids, texts, hashes and order, and the ledger answers as before', async () => {
    const [store, copy] = [await twoEnvironments(), inMemoryEventStore()]
    const before = openLedger({ store })
    const report = await restoreLedger(before.export(), copy)
    expect(await eventsOf(copy)).toEqual(await eventsOf(store))
    const after = openLedger({ store: copy })
    const { events, heads } = await before.verify()
    expect(report).toMatchObject({ events, heads, restored: events, alreadyThere: 0 })
    expect(await after.verify()).toEqual(await before.verify())
    for (const name of await before.environments()) {
      const graphs = [before, after].map(async (ledger) => (await ledger.environment(name).graph()).toJSON())
      expect(await graphs[1]).toEqual(await graphs[0])
    }
    await after.environment('prod').grantRole({ subject: 'grace', role: 'member' }, ada)
  })

  test('LEAVE 2: keeps the order where positions have gaps', async () => {
    const lines = (await linesOf(await twoEnvironments())).map((line) =>
      line
        .replace('"positions":"dense"', '"positions":"monotonic"')
        .replace(/"position":"(\d+)"/, (_, position) => `"position":"${position}0"`),
    )
    const copy = inMemoryEventStore()
    await restoreLedger(lines, copy)
    expect(await openLedger({ store: copy }).verify()).toMatchObject({ intact: true })
  })

  test.each<[what: string, change: (line: string) => string, problem: string]>([
    ['edited', (line) => line.replace('state-1', 'state-9'), 'does not have the content'],
    ['given another time', (line) => line.replace(/"recordedAt":"20\d\d/, '"recordedAt":"1999'), 'does not have'],
    ['given another hash', (line) => line.replace(/"hash":"...../, '"hash":"00000'), 'does not have the content'],
    ['moved', (line) => line.replace(/"position":"\d+"/, '"position":"1"'), 'stands at position 1'],
    ['removed', () => '', 'what stood between is gone'],
  ])('LEAVE 3: a line that was %s is named, and nothing of it or behind it is written', async (_, change, problem) => {
    const lines = await linesOf(await twoEnvironments())
    const at = lines.findIndex((line) => line.includes('state-1'))
    const { error, written } = await refusal(changed(lines, at, change))
    if (!isLedgerError(error, 'ledger-not-intact')) throw error
    const isRemoved = change('x') === ''
    expect(error.details).toMatchObject({
      line: isRemoved ? at + 2 : at + 1,
      problem: expect.stringContaining(problem),
    })
    expect(error.message).toContain(`line ${error.details.line}`)
    expect(written).toBeLessThan(at)
  })

  test('LEAVE 3: an event that was added is named', async () => {
    const lines = await linesOf(await twoEnvironments())
    const { error } = await refusal([...lines.slice(0, 4), lines[3] ?? '', ...lines.slice(4)])
    expect(error).toMatchObject({ code: 'ledger-not-intact', details: { line: 5 } })
  })

  test.each<[what: string, index: number, line: string, problem: string]>([
    ['no JSON', 2, '{"id": secret', 'line 3 of the export is not JSON'],
    ['no event', 2, '{"id":"e1","data":{"a":1}}', 'line 3 of the export is not valid'],
    ['an event with data that is no JSON', 2, '{"data":"{"}', 'data: must be JSON text'],
    ['another file', 0, '{"version":4,"terraform_version":"1.9.5"}', 'format'],
    [
      'a newer export',
      0,
      '{"format":"infraledger","version":2,"exportedAt":"2026-01-01T00:00:00Z","positions":"dense"}',
      'update it',
    ],
  ])('LEAVE 3: %s is refused, with the line', async (_, index, line, problem) => {
    const { error, written } = await refusal(changed(await linesOf(await twoEnvironments()), index, () => line))
    expect(error).toMatchObject({ code: 'input-invalid', message: expect.stringContaining(problem) })
    expect(String(error)).not.toContain('secret')
    expect(written).toBeLessThan(2)
  })

  test('LEAVE 4: an export that was cut off is recognised, at whichever line', async () => {
    const lines = await linesOf(await twoEnvironments())
    for (let length = 0; length < lines.length; length++) {
      const { error } = await refusal(lines.slice(0, length))
      expect(error).toMatchObject({ code: 'input-invalid', message: expect.stringContaining('not whole') })
    }
    const half = lines.with(lines.length - 1, (lines.at(-1) ?? '').slice(0, 40))
    expect((await refusal(half)).error).toMatchObject({ code: 'input-invalid' })
  })

  test('LEAVE 4: an export whose last events were taken out, or that goes on behind its end, is recognised', async () => {
    const lines = await linesOf(await twoEnvironments())
    const without = await refusal(lines.toSpliced(-2, 1))
    expect(without.error).toMatchObject({ code: 'ledger-not-intact', details: { stream: 'environment-pr:12' } })
    const miscounted = await refusal(
      changed(lines, lines.length - 1, (line) => line.replace(/"events":\d+/, '"events":1')),
    )
    expect(miscounted.error).toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('counts 1 events'),
    })
    expect((await refusal([...lines, lines[1] ?? ''])).error).toMatchObject({ code: 'input-invalid' })
    expect(await verifyExport([...lines, '\n', ''])).toMatchObject({ events: lines.length - 2 })
  })

  test('LEAVE 5: an interrupted restoration goes on where it stopped, as often as it takes', async () => {
    const store = await twoEnvironments()
    const [lines, copy] = [await linesOf(store), inMemoryEventStore()]
    for (let interruption = 0; interruption < 3; interruption++) {
      await expect(restoreLedger(lines, interruptedAfter(2, copy))).rejects.toThrow('killed')
    }
    const there = (await collected(copy.readAll())).length
    expect(there).toBeGreaterThan(5)
    expect(await restoreLedger(lines, copy)).toMatchObject({ alreadyThere: there, events: lines.length - 2 })
    expect(await eventsOf(copy)).toEqual(await eventsOf(store))
    expect(await restoreLedger(lines, copy)).toMatchObject({ alreadyThere: lines.length - 2, restored: 0 })
  })

  test('LEAVE 5: where a store failed once and took later appends, the failure is told, and going on is refused', async () => {
    const [lines, copy] = [await linesOf(await twoEnvironments()), inMemoryEventStore()]
    let appends = 0
    const failing: typeof copy = {
      ...copy,
      async append(...request) {
        if (++appends === 3) throw new Error('the connection was lost')
        return copy.append(...request)
      },
    }
    await expect(restoreLedger(lines, failing)).rejects.toThrow('the connection was lost')
    await expect(restoreLedger(lines, copy)).rejects.toMatchObject({ code: 'store-not-empty' })
  })

  test('LEAVE 5: a store that holds anything else is refused, and left as it is', async () => {
    const lines = await linesOf(await twoEnvironments())
    const other = await twoEnvironments()
    const before = await eventsOf(other)
    await expect(restoreLedger(lines, other)).rejects.toMatchObject({
      code: 'store-not-empty',
      details: { stream: 'environment-prod', revision: 0 },
    })
    expect(await eventsOf(other)).toEqual(before)
  })

  test('LEAVE 5: a store that went on since the export is refused', async () => {
    const store = await twoEnvironments()
    const lines = await linesOf(store)
    await openLedger({ store }).environment('prod').grantRole({ subject: 'grace', role: 'member' }, ada)
    await expect(restoreLedger(lines, store)).rejects.toMatchObject({ code: 'store-not-empty' })
  })

  test('LEAVE 6: events that follow each other in a stream are appended together, within the limits of an append', async () => {
    const store = inMemoryEventStore()
    const prod = await openLedger({ store }).createEnvironment({ name: 'prod', type: 'development' }, ada)
    const text = 'x'.repeat(10_000)
    const nodes = Array.from({ length: 2_500 }, (_, index) => ({
      address: `a${index}`,
      kind: 'thing',
      key: `n${index}`,
      properties: index < 1_200 ? { text } : {},
    }))
    await prod.import({ source: { type: 'test', name: 'one', digest: 'd' }, nodes, edges: [] }, ada)
    const copy = inMemoryEventStore()
    const sizes: number[] = []
    let [read, written, ahead] = [0, 0, 0]
    const counting: typeof copy = {
      ...copy,
      append(stream, events, expected) {
        sizes.push(events.length)
        ahead = Math.max(ahead, read)
        written += events.length
        read = 0
        return copy.append(stream, events, expected)
      },
    }
    async function* counted(): AsyncGenerator<string, void> {
      for await (const line of openLedger({ store }).export()) {
        read += line.length
        yield line
      }
    }
    const { events } = await restoreLedger(counted(), counting)
    expect(sizes.length).toBeLessThan(25)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(EVENT_LIMITS.appendEvents)
    expect(ahead).toBeGreaterThan(1_000_000)
    expect(ahead).toBeLessThan(8_000_000)
    expect(written).toBe(events)
    expect(await eventsOf(copy)).toEqual(await eventsOf(store))
  })
})
