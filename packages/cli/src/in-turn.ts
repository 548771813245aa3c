import { isLedgerError } from '@infraledger/core'
import type { ImportOptions, ImportSource } from '@infraledger/core'
import { count, plain } from './output/text.ts'
import type { Progress } from './progress.ts'
import type { Session } from './session.ts'

/** An open import on which nobody goes on for this long is taken for interrupted. */
const PATIENCE_MS = 10_000
/** Shorter waits are not worth a message. */
const TOLD_AFTER_MS = 1_000
const LONGEST_PAUSE_MS = 1_000

type Seen = { readonly import: string; readonly changes: number; readonly since: number; readonly movedAt: number }

/**
 * Imports, and waits while another process is at an import into the same environment: for as long as that goes on. One that was
 * interrupted is taken over by a later state of its lineage, whose own may be out of reach; for any other the refusal stands.
 */
export async function inTurn<Report>(
  { io, note }: Session,
  progress: Progress,
  source: Pick<ImportSource, 'name' | 'lineage'>,
  attempt: (options: ImportOptions) => Promise<Report>,
): Promise<Report> {
  const told = new Set<string>()
  let seen: Seen | undefined
  let [pauseMs, takeOver] = [25, false]
  while (true) {
    try {
      return await attempt({ takeOver })
    } catch (error) {
      if (!isLedgerError(error, 'import-in-progress')) throw error
      const { import: id, changes, lineage } = error.details
      const other = plain(error.details.source)
      const now = io.clock.now().getTime()
      seen = look(seen, { import: id, changes }, now)
      if (now - seen.movedAt >= PATIENCE_MS) {
        if (takeOver || lineage !== (source.lineage ?? source.name)) throw error
        await note(`The import of ${other} was interrupted; ${plain(source.name)}, of the same lineage, takes it over.`)
        takeOver = true
        continue
      }
      if (now - seen.since >= TOLD_AFTER_MS && !told.has(id)) {
        told.add(id)
        await note(`Waiting for the import of ${other}, which another process is at, or which was interrupted.`)
      }
      await progress.show(`Waiting for the import of ${other}: ${count(changes, 'change')} so far`)
      await io.clock.sleep(pauseMs)
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
    }
  }
}

/** When this import was met first, and when it was last seen to move. */
function look(seen: Seen | undefined, open: Pick<Seen, 'import' | 'changes'>, now: number): Seen {
  if (seen?.import !== open.import) return { ...open, since: now, movedAt: now }
  return { ...seen, ...open, movedAt: seen.changes === open.changes ? seen.movedAt : now }
}
