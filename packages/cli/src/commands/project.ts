import { resolve } from 'node:path'
import { postgresReadModels, projectLedger, rebuildReadModels, sqliteReadModels } from '@infraledger/read-models'
import type { ProjectionProgress, ReadModels } from '@infraledger/read-models'
import { parseText } from '../arguments.ts'
import { defineCommand, flag, option, requiredOption } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import { count } from '../output/text.ts'
import { progressOn } from '../progress.ts'
import type { Session } from '../session.ts'

export const project = defineCommand({
  name: 'project',
  group: 'Take out',
  summary: 'Keep SQL tables of the ledger, for scripts and BI',
  description:
    'Takes what the tables do not have yet from the ledger, in order and exactly once, into a SQLite file of its own or a schema of PostgreSQL. ' +
    'With --follow it goes on with what is recorded until it is interrupted; several may share the environments, each with a name of its own ' +
    '(--worker). With --rebuild the tables are made anew beside the live ones and swapped in one transaction; broken off, the next one goes on. ' +
    'The password of PostgreSQL may be left to PGPASSWORD or ~/.pgpass.',
  arguments: {},
  options: {
    to: requiredOption('<place>', 'a file, or postgresql://user@host/database', parseText),
    schema: option('<name>', 'schema of PostgreSQL (default infraledger)', parseText),
    follow: flag('go on with what is recorded, until it is interrupted'),
    worker: option('<name>', 'with --follow: share the environments with the workers of other names', parseText),
    rebuild: flag('make the tables anew, and swap them'),
  },
  examples: [
    ['infraledger project --to reports.db', 'brings the tables up to date: from a timer, or after each deployment'],
    ['infraledger project --to postgresql://reports@db.example.com/reports --follow', 'keeps them so'],
  ],
  async run({ options: { to, schema, follow, worker, rebuild } }, session) {
    if (session.shared.environment !== undefined)
      throw wrongUsage('project takes all environments: leave --environment out.')
    if (worker !== undefined && !follow) throw wrongUsage('--worker is for --follow.')
    if (rebuild && follow) throw wrongUsage('--rebuild ends when the tables are swapped: leave --follow out.')
    const target = readModelsAt(to, schema, session)
    const ledger = await session.ledgerPlace()
    const store = await ledger.open()
    const progress = progressOn(session.io.stderr)
    const signal = session.io.interruption?.()
    const shared = {
      store,
      target,
      onProgress: (told: ProjectionProgress) => void progress.show(progressText(told)),
      ...(signal === undefined ? {} : { signal }),
    }
    try {
      if (follow) await session.note(`Following into ${target.name}; Ctrl-C stops.`)
      const { events, environments, swapped } = rebuild
        ? await rebuildReadModels(shared)
        : {
            swapped: undefined,
            ...(await projectLedger({
              ...shared,
              follow,
              ...(worker === undefined ? {} : { worker: { name: worker } }),
            })),
          }
      const brokenOff = rebuild && swapped === undefined
      return {
        type: 'document',
        value: { to: target.name, events, environments, ...(swapped === undefined ? {} : { swapped }) },
        text: () => `${reportText(target.name, events, environments.length)}${swapText(swapped, brokenOff)}`,
        outcome: brokenOff ? 'failed' : undefined,
      }
    } finally {
      await progress.clear()
      await store.close()
    }
  },
})

/** Only the scheme of a URL is ever repeated: it may hold a password. */
function readModelsAt(to: string, schema: string | undefined, session: Session): ReadModels {
  if (/^postgres(?:ql)?:\/\//.test(to))
    return postgresReadModels({ connectionString: to, ...(schema === undefined ? {} : { schema }) })
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(to))
    throw wrongUsage(
      `--to takes a file or postgresql://…; there are no read models for ${to.slice(0, to.indexOf('://'))}`,
    )
  if (schema !== undefined) throw wrongUsage('--schema is for PostgreSQL.')
  return sqliteReadModels({ file: resolve(session.io.cwd, to) })
}

function progressText({ environment, events, revision }: ProjectionProgress): string {
  return `${environment}: ${count(events, 'event')}, up to revision ${revision}`
}

function reportText(name: string, events: number, environments: number): string {
  return `Projected ${count(events, 'event')} of ${count(environments, 'environment')} into ${name}.`
}

function swapText(
  swapped: { readonly removed: number; readonly added: number } | undefined,
  brokenOff: boolean,
): string {
  if (brokenOff) return ' It was broken off: the live tables are as they were, and the next --rebuild goes on.'
  if (swapped === undefined) return ''
  if (swapped.removed === 0 && swapped.added === 0) return ' The tables were as they should be.'
  return ` Swapped: ${count(swapped.removed, 'row')} gone, ${count(swapped.added, 'row')} new.`
}
