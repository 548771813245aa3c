import { EVENT_LIMITS } from '@infraledger/core/adapter'
import { streamWriter } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { encodeEvent } from './event-encoding.ts'

const encode = (data: string, metadata = '{"actor":{"type":"system"}}') => {
  const [event] = streamWriter('a').draft([{ data, metadata }])
  if (event === undefined) throw new Error('nothing was drafted')
  const { event: encoded, bytes } = encodeEvent(event)
  const wrapper: unknown = JSON.parse(Buffer.from(encoded.metadata as Uint8Array).toString('utf8'))
  return { event, encoded: { ...encoded, metadata: wrapper }, bytes }
}

it('STORE 6: JSON that would be written the same again stays JSON, with its metadata readable around the envelope', () => {
  const { event, encoded } = encode('{"size":1,"name":"é🙂"}')
  expect(encoded).toMatchObject({
    id: event.id,
    type: event.type,
    contentType: 'application/json',
    data: { size: 1, name: 'é🙂' },
    metadata: { infraledger: 1, hash: event.hash, metadata: { actor: { type: 'system' } } },
  })
})

it.each(['{"b":1, "a":2}', '1.0', '{"2":1,"1":2}', '{"twice":1,"twice":2}', 'no JSON'])(
  'STORE 6: %s goes as bytes, for JSON would not come back the same',
  (text) => {
    const { encoded } = encode(text, text)
    expect(encoded.contentType).toBe('application/octet-stream')
    expect(Buffer.from(encoded.data as Uint8Array).toString('utf8')).toBe(text)
    expect(encoded.metadata).toMatchObject({ metadataText: text })
  },
)

it('STORE 47: an envelope takes less than what packing leaves free for it', () => {
  const { event, bytes } = encode(
    '{}',
    '{"actor":{"type":"user","subject":"ada"},"recordedAt":"2026-01-01T00:00:00.000Z"}',
  )
  const envelope = bytes - Buffer.byteLength(event.data) - Buffer.byteLength(event.metadata)
  const free = 1024 * 1024 - EVENT_LIMITS.appendBytes + EVENT_LIMITS.appendEvents * EVENT_LIMITS.envelopeBytes
  const longestType = 'UnmanagedResourceDiscovered'
  expect((envelope + 2 * longestType.length) * EVENT_LIMITS.appendEvents).toBeLessThan(free)
})
