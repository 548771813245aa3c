import { resolve } from 'node:path'
import type { EventReference } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { readCheckpoint, readKeys } from '../checkpoint-files.ts'
import { argument, defineCommand, option, requiredOption } from '../command.ts'
import { jsonText } from '../output/json-text.ts'
import { plain } from '../output/text.ts'
import { withProgress } from '../reading-progress.ts'
import { writeWholeFile } from '../whole-file.ts'

export const proof = defineCommand({
  name: 'proof',
  group: 'Take out',
  summary: 'Proof that one event is in the ledger, for a third party',
  description:
    'A file that holds the event whole, a few hashes, and the signed checkpoint; of other events it tells nothing. "infraledger verify --proof" ' +
    'checks it with the public key, and no ledger. The checkpoint must have been made after the event.',
  arguments: {
    event: argument('its id, or <stream>@<revision>, such as environment-prod@41; reports name both', parseEvent),
  },
  options: {
    checkpoint: requiredOption('<file>', 'a checkpoint made after the event', parseText),
    key: option('<file>', 'public keys (PEM) of who signs: refuse a checkpoint that none of them signed', parseText),
    out: option('<file>', 'where to write it, instead of to stdout', parseText),
  },
  examples: [
    ['infraledger proof environment-prod@41 --checkpoint newest.json --out approval.json', 'revision 41 of prod'],
    ['infraledger verify --proof approval.json --key public.pem', 'what the third party does'],
  ],
  async run({ arguments: { event }, options: { checkpoint, key, out } }, session) {
    const ledger = await session.ledger()
    const [against, keys] = [await readCheckpoint(checkpoint, session), await readKeys(key, session)]
    const value = await withProgress(session, 'Proving', (read) =>
      ledger.proof(event, { ...read, checkpoint: against, ...(keys === undefined ? {} : { keys }) }),
    )
    const text = `${jsonText(value, 2)}\n`
    if (out === undefined) return { type: 'document', value, text: () => text }
    await writeWholeFile([text], resolve(session.io.cwd, out))
    const { id, stream, revision } = value.event
    return {
      type: 'document',
      value: { file: out, event: id },
      text: () => `Wrote ${plain(out)}: revision ${revision} of ${plain(stream)}, ${value.path.length} hashes.`,
    }
  },
})

function parseEvent(text: string): EventReference {
  const [, stream, revision] = /^(\S+)@(\d{1,15})$/.exec(text) ?? []
  return stream === undefined ? parseText(text) : { stream, revision: Number(revision) }
}
