/** Notices what other connections commit, while someone watches. */
export type ChangePoll = {
  /** Starts a watch; the answer ends it. */
  readonly watch: () => () => void
  /** Ends all watches: the store is about to close. */
  readonly stop: () => void
}

type Polling = {
  readonly intervalMs: number
  /** The last position, as text. */
  readonly lastPosition: () => Promise<string>
  readonly changed: () => void
  /** Something else that is on while someone watches. */
  readonly listening: { readonly start: () => void; readonly stop: () => void } | undefined
}

/** Asks for the last position, which grows with each append; one question at a time. */
export function changePoll({ intervalMs, lastPosition, changed, listening }: Polling): ChangePoll {
  let watching = 0
  let timer: NodeJS.Timeout | undefined
  let known: string | undefined
  let asking = false

  async function look(): Promise<void> {
    if (asking) return
    asking = true
    // A position that cannot be read counts as new: whoever is woken meets the error where it can be handled.
    const current = await lastPosition().catch(() => undefined)
    asking = false
    if (timer === undefined || (current !== undefined && current === known)) return
    known = current
    changed()
  }
  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
    listening?.stop()
  }

  return {
    watch() {
      watching += 1
      if (timer === undefined) {
        known = undefined
        // A subscription that waits keeps no process alive.
        timer = setInterval(() => void look(), intervalMs).unref()
        listening?.start()
      }
      return () => {
        watching -= 1
        if (watching === 0) stop()
      }
    },
    stop,
  }
}
