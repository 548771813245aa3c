import type { CheckpointComparison, IntegrityReport, ProofReport } from '@infraledger/core'
import type { Look } from './look.ts'
import { table } from './table.ts'
import { count, plain, showMoment } from './text.ts'

/** What a verification found, for people. */
export function integrityText(report: IntegrityReport, look: Look): string {
  const { intact, events, heads, problem, checkpoint, unchecked } = report
  const after = unchecked === undefined ? '' : ` after position ${unchecked.upTo}`
  const lines = [
    problem === undefined
      ? `${look.paint(intact ? 'green' : 'red', intact ? 'Intact' : 'Not intact')}: ${count(events, 'event')}${after} in ${count(heads.size, 'stream')}${intact ? '' : ', every chain is whole'}`
      : `${look.paint('red', 'Not intact')}: revision ${problem.revision} of ${plain(problem.stream)} (position ${problem.position}, ${problem.kind}) ${plain(problem.problem)}. ${count(events, 'event')} before it fit.`,
    ...(checkpoint === undefined ? [] : checkpointLines(checkpoint, unchecked, look)),
  ]
  if (!intact) return lines.join('\n')
  const rows = [...heads].map(([stream, { revision, hash }]) => [stream, String(revision), hash])
  const columns = [
    { heading: 'STREAM', narrow: 'keep' },
    { heading: 'REVISION', alignRight: true },
    { heading: 'HASH', narrow: 'whole' },
  ] as const
  return [...lines, table(columns, rows, look)].join('\n')
}

function checkpointLines(
  { holds, ledger, createdAt, events, signedBy, positions, problems, problemCount }: CheckpointComparison,
  unchecked: IntegrityReport['unchecked'],
  look: Look,
): readonly string[] {
  const signed = signedBy.length === 0 ? 'signature not checked' : `signed by ${signedBy.join(', ')}`
  const which = `checkpoint of ${plain(ledger)} of ${showMoment(createdAt)}, ${count(events, 'event')}, ${signed}`
  if (unchecked !== undefined)
    return [
      `Taken as it is, not checked: ${count(unchecked.events, 'event')} up to position ${unchecked.upTo}, by the ${which}`,
    ]
  if (holds)
    return [
      `Holds against the ${which}${positions === 'renumbered' ? '; positions are counted anew, the order is the same' : ''}`,
    ]
  return [
    `${look.paint('red', 'Does not hold')} against the ${which}:`,
    ...problems.map(({ kind, problem }) => `  ${kind}: ${plain(problem)}`),
    ...(problemCount > problems.length ? [`  and ${problemCount - problems.length} more`] : []),
  ]
}

/** What a proof shows, for people. */
export function proofText({ proven, problem, event, checkpoint, signedBy }: ProofReport, look: Look): string {
  if (!proven) return `${look.paint('red', 'Not proven')}: ${plain(problem ?? '')}.`
  return [
    `${look.paint('green', 'Proven')}: ${plain(event.type)}, revision ${event.revision} of ${plain(event.stream)}, recorded at ${plain(event.recordedAt)}`,
    `It was in ${plain(checkpoint.ledger)} when the checkpoint of ${showMoment(checkpoint.createdAt)} was made, one of ${count(checkpoint.events, 'event')}, signed by ${signedBy.join(', ')}`,
    `id        ${plain(event.id)}`,
    `data      ${plain(event.data)}`,
    `metadata  ${plain(event.metadata)}`,
  ].join('\n')
}
