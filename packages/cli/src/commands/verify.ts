import { continuationProblem, LedgerError, signedBy, verifyProof } from '@infraledger/core'
import type { IntegrityReport, VerifyOptions } from '@infraledger/core'
import type { Answer } from '../answer.ts'
import { parseText } from '../arguments.ts'
import { readCheckpoint, readKeys } from '../checkpoint-files.ts'
import { defineCommand, flag, option } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import { readJsonFile } from '../json-file.ts'
import { integrityText, proofText } from '../output/integrity.ts'
import { withProgress } from '../reading-progress.ts'
import type { Session } from '../session.ts'

export const verify = defineCommand({
  name: 'verify',
  group: 'Ask',
  summary: 'Check that nothing was edited, removed or reordered',
  description:
    'Ends with 1 when the ledger is not intact, and names the first event that does not fit. A chain cannot show that its end was cut off, that ' +
    'history was written anew, or that events of different environments changed places: give the newest checkpoint that was kept elsewhere. With ' +
    '--proof no ledger is opened: one event is checked, by its file and a public key.',
  arguments: {},
  options: {
    checkpoint: option('<file>', 'compare with this checkpoint', parseText),
    key: option('<file>', 'public keys (PEM, one or several) of who signs checkpoints', parseText),
    sinceCheckpoint: flag('read only what came after the checkpoint, and take its word for the rest'),
    previous: option('<file>', 'an earlier checkpoint that the one given must go on from', parseText),
    proof: option('<file>', 'check the proof of one event, without a ledger', parseText),
  },
  examples: [
    ['infraledger verify --checkpoint newest.json --key public.pem', 'whether the history can be trusted'],
    ['infraledger verify --proof approval.json --key public.pem', 'what a third party does with a proof'],
  ],
  async run({ options: { checkpoint, key, sinceCheckpoint, previous, proof } }, session) {
    const keys = await readKeys(key, session)
    if (proof !== undefined) {
      if (checkpoint !== undefined || previous !== undefined || sinceCheckpoint)
        throw wrongUsage('a proof brings its checkpoint along: give --proof with --key alone')
      if (keys === undefined) throw wrongUsage('a proof is worth what its signature is: give --key <file> as well')
      return provenAnswer(await readJsonFile(proof, session.io), keys)
    }
    if (checkpoint === undefined && (previous !== undefined || sinceCheckpoint || keys !== undefined))
      throw wrongUsage('--key, --previous and --since-checkpoint are for a --checkpoint <file>')
    return ledgerAnswer(session, {
      ...(checkpoint === undefined ? {} : { checkpoint: await continued(checkpoint, previous, keys, session) }),
      ...(keys === undefined ? {} : { keys }),
      sinceCheckpoint,
    })
  },
})

function provenAnswer(input: unknown, keys: readonly string[]): Answer {
  const value = verifyProof(input, keys)
  return {
    type: 'document',
    value,
    text: (look) => proofText(value, look),
    outcome: value.proven ? undefined : 'failed',
  }
}

async function ledgerAnswer(session: Session, options: VerifyOptions): Promise<Answer> {
  const ledger = await session.ledger()
  if (options.checkpoint !== undefined && options.keys === undefined)
    await session.note('infraledger: without --key <file>, anybody may have made this checkpoint')
  const report: IntegrityReport = await withProgress(session, 'Verifying', (read) =>
    ledger.verify({ ...options, ...read }),
  )
  return {
    type: 'document',
    value: { ...report, heads: Object.fromEntries(report.heads) },
    text: (look) => integrityText(report, look),
    outcome: report.intact ? undefined : 'failed',
  }
}

/** The checkpoint, which must go on from an earlier one where that is given. */
async function continued(
  path: string,
  earlier: string | undefined,
  keys: readonly string[] | undefined,
  session: Session,
): ReturnType<typeof readCheckpoint> {
  const checkpoint = await readCheckpoint(path, session)
  if (earlier === undefined) return checkpoint
  const before = await readCheckpoint(earlier, session)
  if (keys !== undefined) signedBy(before, keys)
  const problem = continuationProblem(checkpoint, before)
  if (problem === undefined) return checkpoint
  throw new LedgerError('checkpoint-mismatch', `${path} does not go on from ${earlier}: ${problem}`, { problem })
}
