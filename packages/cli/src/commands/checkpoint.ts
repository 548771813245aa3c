import { resolve } from 'node:path'
import { checkpointDigest } from '@infraledger/core'
import type { Checkpoint } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { readCheckpoint, readKeys } from '../checkpoint-files.ts'
import { defineCommand, option } from '../command.ts'
import { jsonText } from '../output/json-text.ts'
import { count, plain } from '../output/text.ts'
import { withProgress } from '../reading-progress.ts'
import { signerOf } from '../signing-key.ts'
import { writeWholeFile } from '../whole-file.ts'

export const checkpoint = defineCommand({
  name: 'checkpoint',
  group: 'Take out',
  summary: 'What the ledger holds now, signed, to be kept elsewhere',
  description:
    'A small JSON file that covers every event and their order. Keep it where whoever administers the ledger cannot write; "infraledger verify ' +
    '--checkpoint" compares. The private key is the one of --sign, else of $INFRALEDGER_SIGNING_KEY (PEM); $INFRALEDGER_SIGNING_PASSPHRASE opens ' +
    'an encrypted one. With --since it costs what was appended since that one, and names it.',
  arguments: {},
  options: {
    sign: option('<file>', 'private key (Ed25519, PEM) to sign with', parseText),
    since: option('<file>', 'the checkpoint before, to go on from', parseText),
    key: option('<file>', 'public keys of who may have signed the one before; default the signing key', parseText),
    name: option('<text>', 'what the ledger is called in it; default as in the one before, else the file', parseText),
    out: option('<file>', 'where to write it, instead of to stdout; replaced when it is whole', parseText),
  },
  examples: [
    ['infraledger checkpoint --sign private.pem --out checkpoint-1.json', 'the first one'],
    ['infraledger checkpoint --sign private.pem --since checkpoint-1.json --out checkpoint-2.json', 'and the next'],
  ],
  async run({ options: { sign, since, key, name, out } }, session) {
    const signer = await signerOf(sign, session)
    const previous = since === undefined ? undefined : await readCheckpoint(since, session)
    const keys = await readKeys(key, session)
    const ledger = await session.ledger()
    if (signer === undefined)
      await session.note('infraledger: the checkpoint is not signed; it is as safe as the place where it is kept')
    const made = await withProgress(session, 'Reading', (read) =>
      ledger.checkpoint({
        ...read,
        ...(signer === undefined ? {} : { signers: [signer] }),
        ...(previous === undefined ? {} : { previous }),
        ...(keys === undefined ? {} : { keys }),
        ...(name === undefined ? {} : { name }),
      }),
    )
    const text = `${jsonText(made, 2)}\n`
    if (out === undefined) return { type: 'document', value: made, text: () => text }
    await writeWholeFile([text], resolve(session.io.cwd, out))
    const value = told(made, out)
    return {
      type: 'document',
      value,
      text: () =>
        `Wrote ${plain(out)}: ${count(value.events, 'event')} in ${count(value.streams, 'stream')}, digest ${value.digest}${value.signedBy.length === 0 ? '' : `, signed by ${value.signedBy.join(', ')}`}`,
    }
  },
})

function told({ checkpoint: statement, signatures }: Checkpoint, file: string) {
  const { events, streams } = statement
  return { file, digest: checkpointDigest(statement), events, streams, signedBy: signatures.map(({ keyId }) => keyId) }
}
