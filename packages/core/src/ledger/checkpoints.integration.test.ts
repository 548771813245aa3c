import { expect, test } from 'vitest'
import { continuationProblem } from '../audit/checkpoint-continuation.ts'
import { parseCheckpoint } from '../audit/checkpoint.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { collected } from './export.fixture.ts'
import { openLedger } from './open-ledger.ts'
import { checkpointed, newSigner, refusal, rewritten, storeOf, write, writtenStore } from './written-ledger.fixture.ts'

test('AUDIT 12: a checkpoint that goes on from another is the one over all events, and names and proves the one before', async () => {
  const { store, chains } = await writtenStore(0)
  const ledger = openLedger({ store })
  let previous = await ledger.checkpoint({ name: 'shop' })
  expect(previous.checkpoint).toMatchObject({ events: 0, last: null, streams: 0, previous: null, ledger: 'shop' })
  for (const more of [1, 2, 0, 5, 16, 7]) {
    await write(store, chains, more)
    const whole = await ledger.checkpoint({ name: 'shop' })
    const next = await ledger.checkpoint({ previous })
    expect(next.checkpoint).toMatchObject({
      root: whole.checkpoint.root,
      frontier: whole.checkpoint.frontier,
      heads: whole.checkpoint.heads,
      last: whole.checkpoint.last,
      ledger: 'shop',
    })
    expect(next.heads).toEqual(whole.heads)
    expect(continuationProblem(next, previous)).toBeUndefined()
    expect(parseCheckpoint(JSON.parse(JSON.stringify(next)))).toEqual(next)
    previous = next
  }
  expect(previous.checkpoint.events).toBe(31)
})

test('AUDIT 12: going on from a checkpoint reads what was appended since, and one event before', async () => {
  const { store, checkpoint } = await checkpointed()
  let read = 0
  const counting: EventStore = {
    ...store,
    async *readAll(options) {
      for await (const event of store.readAll(options)) {
        read++
        yield event
      }
    },
  }
  await openLedger({ store: counting }).checkpoint({ previous: checkpoint })
  expect(read).toBe(7)
})

test('AUDIT 12: a checkpoint that is made while others write covers the beginning of the store, up to one position', async () => {
  const { store, chains } = await writtenStore(500)
  const ledger = openLedger({ store })
  const [checkpoint] = await Promise.all([ledger.checkpoint(), write(store, chains, 200)])
  expect(checkpoint.checkpoint.events).toBeGreaterThanOrEqual(500)
  expect(checkpoint.checkpoint.last?.position).toBe(String(checkpoint.checkpoint.events))
  expect(await ledger.verify({ checkpoint })).toMatchObject({ intact: true, events: 700, checkpoint: { holds: true } })
})

test('AUDIT 12: no checkpoint is made of a ledger that is not intact', async () => {
  const { events, checkpoint } = await checkpointed()
  const edited = events.map((event, index) => (index === 33 ? { ...event, data: '{}' } : event))
  const ledger = openLedger({ store: storeOf(edited) })
  expect(await refusal(ledger.checkpoint())).toBe('ledger-not-intact')
  expect(await refusal(ledger.checkpoint({ previous: checkpoint }))).toBe('ledger-not-intact')
})

test('AUDIT 15: of the checkpoints of one ledger, one that is missing, replaced or of another history shows', async () => {
  const { store, chains } = await writtenStore(10)
  const ledger = openLedger({ store })
  const first = await ledger.checkpoint()
  await write(store, chains, 5)
  const second = await ledger.checkpoint({ previous: first })
  await write(store, chains, 5)
  const third = await ledger.checkpoint({ previous: second })
  expect(continuationProblem(third, second)).toBeUndefined()
  expect(continuationProblem(third, first)).toContain('is missing, or was replaced')
  expect(continuationProblem(first, first)).toContain('names no checkpoint')
  const forged = { ...third, consistency: third.consistency.map(() => '0'.repeat(64)) }
  expect(continuationProblem(forged, second)).toContain('does not prove')
  // Made anew after the history was: it can name the one before, and cannot prove that it goes on from it.
  const events = rewritten(await collected(store.readAll()), 'environment-prod', 2)
  const other = await openLedger({ store: storeOf(events) }).checkpoint()
  const { previous } = third.checkpoint
  expect(continuationProblem({ ...third, checkpoint: { ...other.checkpoint, previous } }, second)).toContain(
    'does not prove',
  )
})

test('AUDIT 13: a checkpoint is accepted with a signature by one of the keys, also after a change of keys, and refused else', async () => {
  const { store } = await writtenStore(10)
  const ledger = openLedger({ store })
  const [old, next, other] = [newSigner(), newSigner(), newSigner()]
  const checkpoint = await ledger.checkpoint({ signers: [old] })
  const both = await ledger.checkpoint({ signers: [old, next] })
  const verified = await ledger.verify({ checkpoint, keys: [`${next.publicKey}\n${old.publicKey}`] })
  expect(verified).toMatchObject({ intact: true, checkpoint: { signedBy: [checkpoint.signatures[0]?.keyId] } })
  expect((await ledger.verify({ checkpoint: both, keys: [next.publicKey] })).checkpoint?.signedBy).toHaveLength(1)
  for (const [refused, keys] of [
    [checkpoint, [other.publicKey]],
    [await ledger.checkpoint(), [old.publicKey]],
    [{ ...checkpoint, signatures: both.signatures.slice(1) }, [next.publicKey]],
    [{ ...checkpoint, checkpoint: { ...checkpoint.checkpoint, ledger: 'another' } }, [old.publicKey]],
    [{ ...checkpoint, checkpoint: { ...checkpoint.checkpoint, createdAt: '2026-01-01T00:00:00Z' } }, [old.publicKey]],
  ] as const)
    expect(await refusal(ledger.verify({ checkpoint: refused, keys }))).toBe('checkpoint-untrusted')
})

test('AUDIT 13: nobody signs what goes on from a checkpoint that is not theirs', async () => {
  const { store } = await writtenStore(10)
  const ledger = openLedger({ store })
  const [old, next] = [newSigner(), newSigner()]
  const unsigned = await ledger.checkpoint()
  const previous = await ledger.checkpoint({ signers: [old] })
  expect(await refusal(ledger.checkpoint({ previous: unsigned, signers: [old] }))).toBe('checkpoint-untrusted')
  expect(await refusal(ledger.checkpoint({ previous, signers: [next] }))).toBe('checkpoint-untrusted')
  const changed = await ledger.checkpoint({ previous, signers: [next], keys: [old.publicKey] })
  expect(continuationProblem(changed, previous)).toBeUndefined()
})

test('AUDIT 12: a file whose parts do not fit each other is no checkpoint', async () => {
  const { checkpoint: whole } = await checkpointed()
  const { checkpoint, heads = [] } = whole
  for (const input of [
    undefined,
    { ...whole, more: 1 },
    { ...whole, checkpoint: { ...checkpoint, version: 2 } },
    { ...whole, checkpoint: { ...checkpoint, root: '0'.repeat(64) } },
    { ...whole, checkpoint: { ...checkpoint, events: 29 } },
    { ...whole, checkpoint: { ...checkpoint, frontier: checkpoint.frontier.slice(1) } },
    { ...whole, checkpoint: { ...checkpoint, last: null } },
    { ...whole, heads: heads.slice(1) },
    { ...whole, heads: heads.map((head) => ({ ...head, revision: head.revision + 1 })) },
  ])
    expect(() => parseCheckpoint(input)).toThrow(expect.objectContaining({ code: 'input-invalid' }))
})
