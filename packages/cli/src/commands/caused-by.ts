import type { Caused, CauseQuery } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { defineCommand, option } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import { showActor, showCause } from '../output/lineage.ts'
import type { Look } from '../output/look.ts'
import { table } from '../output/table.ts'
import { count, showMoment } from '../output/text.ts'

export const causedBy = defineCommand({
  name: 'caused-by',
  group: 'Ask',
  summary: 'What a commit, person, deployment or change request brought about',
  arguments: {},
  options: {
    commit: option('<commit>', 'everything that this commit caused', parseText),
    user: option('<id>', 'everything that this person or client asked for', parseText),
    deployment: option('<id>', 'everything that this deployment did', parseText),
    request: option('<id>', 'everything that came of this change request', parseText),
  },
  examples: [
    ['infraledger caused-by --commit 4f2a9c1', 'what a commit did to the infrastructure'],
    ['infraledger caused-by --user ada --json', 'everything that ada asked for, as data'],
  ],
  async run({ options }, session) {
    const query = theOne(options)
    const environment = await session.environment()
    const value = await environment.causedBy(query)
    return { type: 'document', value, text: (look) => causedText(value, look) }
  },
})

function theOne(
  options: Readonly<Record<'commit' | 'user' | 'deployment' | 'request', string | undefined>>,
): CauseQuery {
  const { commit, user, deployment, request } = options
  const queries: readonly CauseQuery[] = [
    ...(commit === undefined ? [] : [{ commit }]),
    ...(user === undefined ? [] : [{ user }]),
    ...(deployment === undefined ? [] : [{ deployment }]),
    ...(request === undefined ? [] : [{ request }]),
  ]
  const [query] = queries
  if (query === undefined || queries.length > 1)
    throw wrongUsage('give exactly one of --commit, --user, --deployment and --request')
  return query
}

function causedText({ versions, deployments, requests }: Caused, look: Look): string {
  const heading = `${count(versions.length, 'version')}, ${count(deployments.length, 'deployment')}, ${count(requests.length, 'change request')}`
  const tables = [
    deployments.length === 0
      ? ''
      : table(
          [
            { heading: 'DEPLOYMENT', narrow: 'whole' },
            { heading: 'STATUS', style: 'bold' },
            { heading: 'COMMIT' },
            { heading: 'TRIGGERED', narrow: 'moment' },
          ],
          deployments.map(({ id, status, commit, triggeredAt }) => [id, status, commit, showMoment(triggeredAt)]),
          look,
        ),
    requests.length === 0
      ? ''
      : table(
          [
            { heading: 'REQUEST', narrow: 'whole' },
            { heading: 'STATUS', style: 'bold' },
            { heading: 'NODE', narrow: 'keep' },
            { heading: 'REQUESTER' },
            { heading: 'REQUESTED', narrow: 'moment' },
          ],
          requests.map(({ id, status, node, requester, requestedAt }) => [
            id,
            status,
            node,
            showActor(requester),
            showMoment(requestedAt),
          ]),
          look,
        ),
    versions.length === 0 ? '' : versionTable(versions, look),
  ]
  return [heading, ...tables.filter((text) => text !== '')].join('\n\n')
}

function versionTable(versions: Caused['versions'], look: Look): string {
  const rows = versions.map(({ node, edge, version, graphVersion, recordedAt, changed, retired, cause }) => [
    node ?? edge ?? '',
    String(version),
    String(graphVersion),
    showMoment(recordedAt),
    showCause(cause),
    retired ? 'retired' : changed.join(' '),
  ])
  return table(
    [
      { heading: 'WHAT', style: 'bold', narrow: 'keep' },
      { heading: 'VERSION', alignRight: true },
      { heading: 'GRAPH', alignRight: true },
      { heading: 'RECORDED', narrow: 'moment' },
      { heading: 'CAUSE' },
      { heading: 'CHANGED' },
    ],
    rows,
    look,
  )
}
