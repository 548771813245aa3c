/** What a file of bytes is: text, or something else that has a name. */
export type Decoded = { readonly type: 'text'; readonly text: string } | { readonly type: 'other'; readonly is: string }

/** Decodes UTF-8, and UTF-16 with its byte order mark, which redirection in Windows PowerShell writes. Nothing is guessed or replaced. */
export function decodeText(bytes: Uint8Array): Decoded {
  const [, encoding = 'utf-8'] = MARKS.find(([mark]) => startsWith(bytes, mark)) ?? []
  const other = KNOWN.find(([beginning]) => startsWith(bytes, beginning))
  if (other !== undefined) return { type: 'other', is: other[1] }
  try {
    return { type: 'text', text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch (error) {
    const tooLong = error instanceof Error && 'code' in error && error.code === 'ERR_STRING_TOO_LONG'
    return { type: 'other', is: tooLong ? 'too large' : 'no text in UTF-8, nor in UTF-16 with its byte order mark' }
  }
}

const MARKS: readonly (readonly [mark: readonly number[], encoding: string])[] = [
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
]

/** What people give by mistake, by its first bytes. */
const KNOWN: readonly (readonly [beginning: readonly number[], is: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive, such as a saved Terraform plan'],
  [[0x1f, 0x8b], 'compressed (gzip); unpack it first'],
  [[...Buffer.from('SQLite format 3')], 'a SQLite file, such as a ledger'],
]

function startsWith(bytes: Uint8Array, beginning: readonly number[]): boolean {
  return beginning.every((byte, index) => bytes[index] === byte)
}
