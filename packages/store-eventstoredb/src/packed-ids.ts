const ID_BYTES = 16
const GROUPS = [8, 4, 4, 4, 12] as const

/** Ids in order, 16 bytes each. */
export function packIds(ids: readonly string[]): Buffer {
  return Buffer.from(ids.map((id) => id.replaceAll('-', '')).join(''), 'hex')
}

/** The ids that were packed, as text. */
export function unpackIds(packed: Buffer): string[] {
  return Array.from({ length: packed.length / ID_BYTES }, (_, index) => {
    const hex = packed.toString('hex', index * ID_BYTES, (index + 1) * ID_BYTES)
    let from = 0
    return GROUPS.map((length) => hex.slice(from, (from += length))).join('-')
  })
}
