import type { DatabaseSync } from 'node:sqlite'

/** Notices what other connections commit to the file, while someone watches. */
export type ChangePoll = {
  /** Starts a watch; the answer ends it. */
  readonly watch: () => () => void
  /** Ends all watches: the connection is about to close. */
  readonly stop: () => void
}

/**
 * Asks for SQLite's `data_version`, which changes with each commit of another connection and costs next to nothing to
 * read.
 */
export function changePoll(
  database: DatabaseSync,
  intervalMs: number,
  { changed, assertSame }: { readonly changed: () => void; readonly assertSame: () => void },
): ChangePoll {
  const select = database.prepare('pragma data_version')
  let watching = 0
  let timer: NodeJS.Timeout | undefined
  let known: unknown

  /** A version that cannot be read counts as new: whoever is woken meets the error where it can be handled. */
  const version = (): unknown => {
    try {
      assertSame()
      return select.get()?.['data_version']
    } catch {
      return Symbol('unreadable')
    }
  }
  const look = (): void => {
    const current = version()
    if (current === known) return
    known = current
    changed()
  }
  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
  }

  return {
    watch() {
      watching += 1
      if (timer === undefined) {
        known = version()
        // A subscription that waits keeps no process alive.
        timer = setInterval(look, intervalMs).unref()
      }
      return () => {
        watching -= 1
        if (watching === 0) stop()
      }
    },
    stop,
  }
}
