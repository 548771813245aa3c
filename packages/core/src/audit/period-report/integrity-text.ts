import type { PeriodReport } from './period-report.ts'

/** What a report says of its own foundation, one statement each: what was checked, against what, and what that does not show. */
export function integrityStatements({ integrity, unknownEvents }: PeriodReport): readonly string[] {
  const { intact, events, lastPosition, problem, checkpoint } = integrity
  return [
    intact ? 'The ledger is intact.' : 'THE LEDGER IS NOT INTACT.',
    `${events} events were checked, up to position ${lastPosition}: content, order and chain.`,
    ...(problem === undefined
      ? []
      : [
          `Revision ${problem.revision} of ${problem.stream} (position ${problem.position}) ${problem.problem}. What follows it is not reported.`,
        ]),
    ...checkpointStatements(checkpoint),
    ...(unknownEvents === 0
      ? []
      : [`${unknownEvents} events of the period are of types that this version does not know; they are not reported.`]),
  ]
}

function checkpointStatements(checkpoint: PeriodReport['integrity']['checkpoint']): readonly string[] {
  if (checkpoint === undefined)
    return [
      'It was not compared with a checkpoint: a tail that was cut off, or a history that was written anew, would not show.',
    ]
  const { holds, ledger, createdAt, events, signedBy, problems } = checkpoint
  const signed = signedBy.length === 0 ? 'whose signature was not checked' : `signed by ${signedBy.join(', ')}`
  const which = `the checkpoint of ${ledger} of ${createdAt} over ${events} events, ${signed}`
  return holds
    ? [`It holds against ${which}.`]
    : [`It does not hold against ${which}.`, ...problems.map(({ problem }) => `${problem}.`)]
}
