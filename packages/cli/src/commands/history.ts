import type { Environment } from '@infraledger/core'
import { parseNodeId } from '../arguments.ts'
import { argument, defineCommand } from '../command.ts'
import { showActor, showCause, showChange, showEffective } from '../output/lineage.ts'
import type { Look } from '../output/look.ts'
import { count, plain, showMoment, showValue } from '../output/text.ts'

type HistoryEntry = Awaited<ReturnType<Environment['history']>>[number]

/** Changes of one version that are listed; `--json` has them all. */
const CHANGES_SHOWN = 20

export const history = defineCommand({
  name: 'history',
  group: 'Ask',
  summary: 'All versions of a node: what each changed, and why',
  arguments: { node: argument('its id, such as sql-instance/main', parseNodeId) },
  options: {},
  examples: [
    ['infraledger history sql-instance/main', 'the life of a database'],
    ['infraledger history sql-instance/main --json | jq ".[-1].changes"', 'what the last change was'],
  ],
  async run({ arguments: { node } }, session) {
    const environment = await session.environment()
    const value = await environment.history(node)
    return {
      type: 'document',
      value,
      text: (look) =>
        [look.paint('bold', plain(node)), ...value.flatMap((entry) => entryLines(entry, look))].join('\n'),
    }
  },
})

/** Whether it is known of the world more than that it was so when it was recorded. */
function tellsMore({ from, certain, between }: HistoryEntry['effective'], recordedAt: string): boolean {
  return certain ? from !== recordedAt : between?.after !== undefined || between?.before !== recordedAt
}

function entryLines(entry: HistoryEntry, look: Look): readonly string[] {
  const { type, version, graphVersion, recordedAt, effective, changes, retired, cause, actor } = entry
  const what = type === 'retired' ? `retired (${retired})` : type
  const heading = [
    `${look.paint('bold', `v${version}`)}  ${what} by ${showCause(cause)}, ${showActor(actor)}`,
    `    graph version ${graphVersion}, recorded ${showMoment(recordedAt)}`,
    ...(tellsMore(effective, recordedAt) ? [`    so since ${showEffective(effective)}`] : []),
  ]
  if (type === 'created' || type === 'recreated')
    return [...heading, `    with ${count(changes.length, 'property', 'properties')}`]
  if (type === 'changed' && changes.length === 0)
    return [...heading, '    no property: its address in the state, or its handle at the provider']
  const shown = changes
    .slice(0, CHANGES_SHOWN)
    .map(({ property, from, to }) => `    ${plain(property)}  ${showChange(showValue(from), showValue(to))}`)
  return [
    ...heading,
    ...shown,
    ...(changes.length > CHANGES_SHOWN ? [`    and ${changes.length - CHANGES_SHOWN} more; --json has them all`] : []),
  ]
}
