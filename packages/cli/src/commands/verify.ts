import { defineCommand } from '../command.ts'
import { table } from '../output/table.ts'
import { count, plain } from '../output/text.ts'

export const verify = defineCommand({
  name: 'verify',
  group: 'Ask',
  summary: 'Check that nothing was edited, removed or reordered',
  description:
    'Ends with 1 when the ledger is not intact, and names the first event that does not fit. A chain cannot show that its end was cut off: ' +
    'keep the heads that it prints somewhere else, and compare.',
  arguments: {},
  options: {},
  examples: [
    ['infraledger verify', 'whether the history can be trusted'],
    ['infraledger verify --json | jq .heads > heads.json', 'the heads, to be kept elsewhere'],
  ],
  async run(_, session) {
    const ledger = await session.ledger()
    const report = await ledger.verify()
    const { intact, events, heads, problem } = report
    return {
      type: 'document',
      value: { ...report, heads: Object.fromEntries(heads) },
      text(look) {
        if (problem !== undefined) {
          const { kind, stream, revision, position } = problem
          return `${look.paint('red', 'Not intact')}: revision ${revision} of ${plain(stream)} (position ${position}, ${kind}) ${plain(problem.problem)}. ${count(events, 'event')} before it fit.`
        }
        const rows = [...heads].map(([stream, { revision, hash }]) => [stream, String(revision), hash])
        return `${look.paint('green', 'Intact')}: ${count(events, 'event')} in ${count(heads.size, 'stream')}\n${table(
          [
            { heading: 'STREAM', narrow: 'keep' },
            { heading: 'REVISION', alignRight: true },
            { heading: 'HASH', narrow: 'whole' },
          ],
          rows,
          look,
        )}`
      },
      outcome: intact ? undefined : 'failed',
    }
  },
})
