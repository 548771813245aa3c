import { expect, test } from 'vitest'
import { verifyProof } from '../audit/event-proof.ts'
import type { EventProof } from '../audit/event-proof.ts'
import { hashEvent } from '../event-store/hash-chain.ts'
import { collected } from './export.fixture.ts'
import { openLedger } from './open-ledger.ts'
import type { Ledger } from './open-ledger.ts'
import { newSigner, refusal, rewritten, storeOf, write, writtenStore } from './written-ledger.fixture.ts'

const signer = newSigner()
const keys = [signer.publicKey]

async function signed(events: number): Promise<{
  ledger: Ledger
  store: Awaited<ReturnType<typeof writtenStore>>['store']
  proofOf: (event: string) => Promise<EventProof>
}> {
  const { store, chains } = await writtenStore(events)
  const ledger = openLedger({ store })
  const checkpoint = await ledger.checkpoint({ signers: [signer], name: 'shop' })
  await write(store, chains, 4)
  return { ledger, store, proofOf: (event) => ledger.proof(event, { checkpoint, keys }) }
}

test('AUDIT 16: every event is proven by its text, a few hashes and a signed checkpoint, with a public key alone', async () => {
  for (const events of [1, 2, 3, 13, 16]) {
    const { store, proofOf } = await signed(events)
    for (const event of (await collected(store.readAll())).slice(0, events)) {
      const file = JSON.stringify(await proofOf(event.id))
      const report = verifyProof(JSON.parse(file), keys)
      expect(report).toMatchObject({
        proven: true,
        event,
        checkpoint: { ledger: 'shop', events },
        signedBy: [expect.stringMatching(/^sha256:/)],
      })
    }
  }
})

test('AUDIT 16: a proof holds its own event and no other, and grows with the logarithm of the ledger', async () => {
  const { proofOf } = await signed(1_000)
  const proof = await proofOf('environment-prod-3')
  expect(proof.path.length).toBeLessThanOrEqual(10)
  expect(JSON.stringify(proof).match(/environment-test-\d+/)).toBeNull()
  expect(JSON.stringify(proof).length).toBeLessThan(5_000)
})

test('AUDIT 16: whatever is changed in a proof, it proves nothing any more', async () => {
  const { proofOf } = await signed(13)
  const proof = await proofOf('environment-prod-2')
  const { event } = proof
  const sealed = (changed: typeof event): typeof event => ({
    ...changed,
    hash: hashEvent(changed.stream, changed.revision, changed),
  })
  const forgeries: readonly EventProof[] = [
    { ...proof, event: { ...event, data: event.data.replace('ada', 'eve') } },
    { ...proof, event: sealed({ ...event, data: event.data.replace('ada', 'eve') }) },
    { ...proof, event: sealed({ ...event, metadata: event.metadata.replace('ada', 'eve') }) },
    { ...proof, event: sealed({ ...event, revision: 1 }) },
    { ...proof, event: { ...event, position: '8' } },
    { ...proof, index: proof.index + 1 },
    { ...proof, path: proof.path.slice(1) },
    { ...proof, path: [...proof.path, '0'.repeat(64)] },
    { ...proof, path: proof.path.toReversed() },
    { ...proof, path: [] },
  ]
  for (const forged of forgeries)
    expect(verifyProof(forged, keys)).toMatchObject({ proven: false, problem: expect.stringMatching(/\w/) })
  const other = await proofOf('environment-prod-3')
  expect(verifyProof({ ...proof, event: other.event }, keys)).toMatchObject({ proven: false })
  expect(() => verifyProof({ ...proof, checkpoint: { ...proof.checkpoint, ledger: 'other' } }, keys)).toThrow(
    expect.objectContaining({ code: 'checkpoint-untrusted' }),
  )
  expect(() => verifyProof(proof, [newSigner().publicKey])).toThrow(
    expect.objectContaining({ code: 'checkpoint-untrusted' }),
  )
  expect(() => verifyProof({ ...proof, signatures: [] }, keys)).toThrow(
    expect.objectContaining({ code: 'checkpoint-untrusted' }),
  )
  expect(() => verifyProof({ event }, keys)).toThrow(expect.objectContaining({ code: 'input-invalid' }))
})

test('AUDIT 16: an event is named by its id or its place; what the checkpoint does not cover, or does not fit, is not proven', async () => {
  const { ledger, store, proofOf } = await signed(13)
  const checkpoint = await ledger.checkpoint({ signers: [signer] })
  const place = { stream: 'activity-prod', revision: 1 }
  expect((await ledger.proof(place, { checkpoint })).event).toMatchObject(place)
  expect(await refusal(proofOf('environment-prod-5'))).toBe('event-not-found')
  expect(await refusal(ledger.proof('nothing', { checkpoint }))).toBe('event-not-found')
  expect(await refusal(ledger.proof(place, { checkpoint, keys: [newSigner().publicKey] }))).toBe('checkpoint-untrusted')
  const events = await collected(store.readAll())
  const other = openLedger({ store: storeOf(rewritten(events, 'activity-prod', 2)) })
  expect(await refusal(other.proof(place, { checkpoint }))).toBe('checkpoint-mismatch')
  const twice = openLedger({ store: storeOf(events.map((event) => ({ ...event, id: 'one' }))) })
  expect(await refusal(twice.proof('one', { checkpoint }))).toBe('input-invalid')
})
