import type { Clock } from '../clock.ts'

/** Turns by name: however often one is begun while it runs, it runs once more. */
export interface Turns {
  begin(name: string): void
  /** Resolves when no turn runs or waits any more. */
  ended(): Promise<void>
}

type Turn = { again: boolean; readonly over: Promise<void>; waiting: AbortController | undefined }

/**
 * Runs turns, of one name one after the other. A turn may answer that it is to come again after so many milliseconds, if nobody begins it
 * before; it is told how long it slept. Nothing comes again once the signal has aborted.
 */
export function turns(
  runTurn: (name: string, sleptMs: number) => Promise<number | undefined>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Turns {
  const running = new Map<string, Turn>()

  async function repeat(name: string): Promise<void> {
    let sleptMs = 0
    for (let turn = running.get(name); turn !== undefined; turn = turn.again ? turn : undefined) {
      turn.again = false
      const waitMs = await runTurn(name, sleptMs)
      sleptMs = 0
      if (waitMs === undefined || turn.again || signal.aborted) continue
      sleptMs = (await slept(turn, waitMs)) ? waitMs : 0
      turn.again = !signal.aborted
    }
    running.delete(name)
  }

  /** Whether a whole sleep went by. */
  async function slept(turn: Turn, milliseconds: number): Promise<boolean> {
    const waiting = new AbortController()
    const wake = (): void => waiting.abort()
    turn.waiting = waiting
    signal.addEventListener('abort', wake)
    await clock.sleep(milliseconds, waiting.signal)
    signal.removeEventListener('abort', wake)
    turn.waiting = undefined
    return !waiting.signal.aborted
  }

  return {
    begin(name) {
      const turn = running.get(name)
      if (turn === undefined) {
        const over = Promise.resolve().then(() => repeat(name))
        running.set(name, { again: false, over, waiting: undefined })
      } else {
        turn.again = true
        turn.waiting?.abort()
      }
    },
    async ended() {
      while (running.size > 0) await Promise.all([...running.values()].map(({ over }) => over))
    },
  }
}
