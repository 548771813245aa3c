import type { EngineVersion, RunningVersions, VersionLineage, WorkloadVersion } from '@infraledger/core'
import { parsePoint } from '../arguments.ts'
import { defineCommand, option } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import type { Look } from '../output/look.ts'
import { table } from '../output/table.ts'
import { plain, showMoment } from '../output/text.ts'
import type { Session } from '../session.ts'
import { showTrigger } from './deployments.ts'

export const versions = defineCommand({
  name: 'versions',
  group: 'Ask',
  summary: 'What ran, now or at a point: images, engines and runtimes, of every environment',
  description:
    'Of the environment that is named, else of all. Graph versions and deployments belong to one environment; a time fits all.',
  arguments: {},
  options: {
    at: option('<point>', 'a graph version, a time, or deployment:<id>; default now', parsePoint),
  },
  examples: [
    ['infraledger versions --at 2026-03-01T14:02:00Z', 'what ran everywhere at that time, and since when'],
    [
      `infraledger versions --json | jq '.[].workloads[] | select(.pinned != true) | .node'`,
      'what runs by a tag that somebody could move',
    ],
  ],
  async run({ options }, session) {
    const value = await found(session, options.at)
    return {
      type: 'document',
      value,
      text: (look) =>
        value.length === 0
          ? 'There is no environment yet: "infraledger create" or an import makes one.'
          : value.map((environment) => environmentText(environment, look)).join('\n\n'),
    }
  },
})

async function found(
  session: Session,
  at: ReturnType<typeof parsePoint> | undefined,
): Promise<readonly RunningVersions[]> {
  const ledger = await session.ledger()
  const named = session.shared.environment
  if (named === undefined && (at === undefined || at instanceof Date))
    return ledger.versions(at === undefined ? {} : { at })
  const names = named === undefined ? await ledger.environments() : [named]
  if (names.length > 1)
    throw wrongUsage(
      'A graph version or deployment is of one environment: say which with --environment, or write a time.',
    )
  const environment = await session.environment()
  return [await environment.versions(at === undefined ? {} : { at })]
}

function environmentText({ environment, graphVersion, workloads, engines }: RunningVersions, look: Look): string {
  const head = `${look.paint('bold', plain(environment))}, graph version ${graphVersion}`
  if (workloads.length === 0 && engines.length === 0) return `${head}: nothing runs that the ledger knows of`
  return [
    head,
    ...(workloads.length === 0 ? [] : [workloadTable(workloads, look)]),
    ...(engines.length === 0 ? [] : ['', engineTable(engines, look)]),
  ].join('\n')
}

function workloadTable(workloads: readonly WorkloadVersion[], look: Look): string {
  const rows = workloads.map((workload) => [
    workload.node,
    showImage(workload),
    workload.digest === null ? UNKNOWN : workload.digest.slice(0, DIGEST_SHOWN),
    workload.pinned === null ? UNKNOWN : workload.pinned ? 'yes' : 'no',
    workload.replicas === null ? UNKNOWN : String(workload.replicas),
    showSince(workload),
    showOrigin(workload),
    showRuntime(workload),
  ])
  return table(
    [
      { heading: 'WORKLOAD', style: 'bold', narrow: 'keep' },
      { heading: 'IMAGE', narrow: 'keep' },
      { heading: 'DIGEST' },
      { heading: 'PINNED' },
      { heading: 'REPLICAS', alignRight: true },
      { heading: 'SINCE', narrow: 'moment' },
      { heading: 'BY' },
      { heading: 'RUNTIME' },
    ],
    rows,
    look,
  )
}

function engineTable(engines: readonly EngineVersion[], look: Look): string {
  const rows = engines.map((engine) => [
    engine.node,
    engine.engine ?? UNKNOWN,
    engine.engineVersion ?? UNKNOWN,
    showSince(engine),
    showOrigin(engine),
  ])
  return table(
    [
      { heading: 'ENGINE OF', style: 'bold', narrow: 'keep' },
      { heading: 'ENGINE', narrow: 'keep' },
      { heading: 'VERSION', narrow: 'keep' },
      { heading: 'SINCE', narrow: 'moment' },
      { heading: 'BY' },
    ],
    rows,
    look,
  )
}

const UNKNOWN = 'unknown'
/** `sha256:` and enough of it to tell images apart; `--json` gives all of it. */
const DIGEST_SHOWN = 'sha256:'.length + 12

function showImage({ image, running }: WorkloadVersion): string {
  if (image !== null) return image.replace(/(@\w+:\w{12})\w+$/, '$1')
  return running.length === 0 ? UNKNOWN : running.map((one) => one.replace(/(@\w+:\w{12})\w+$/, '$1')).join(' + ')
}

function showSince({ effective }: VersionLineage): string {
  return `${effective.certain ? '' : '≤ '}${showMoment(effective.from)}`
}

/** The commit and who set it off, or who did it past the ledger. */
function showOrigin({ deployment, drift, import: imported, cause }: VersionLineage): string {
  if (deployment !== undefined) {
    const how = deployment.status === 'failed' ? ', failed' : ''
    return `${deployment.commit}, ${showTrigger(deployment.trigger)}${how}`
  }
  if (drift !== undefined) {
    const { attribution } = drift
    return `outside, ${typeof attribution === 'string' ? UNKNOWN : `${attribution.type} ${attribution.id}`}`
  }
  return imported === undefined ? cause.type : `import from ${imported.source.name}`
}

function showRuntime({ runtime }: WorkloadVersion): string {
  if (runtime === null) return UNKNOWN
  return `${runtime.version} on ${runtime.baseImage}${runtime.pinned ? ' (pinned)' : ''}`
}
