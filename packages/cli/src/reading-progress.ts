import type { ReadProgress } from '@infraledger/core'
import { progressOn } from './progress.ts'
import type { Session } from './session.ts'

/** How far a long read is, on the terminal; ended by Ctrl-C. */
export async function withProgress<Result>(
  { io }: Session,
  doing: string,
  read: (options: {
    readonly onProgress: (at: ReadProgress) => void
    readonly signal?: AbortSignal
  }) => Promise<Result>,
): Promise<Result> {
  const progress = progressOn(io.stderr)
  const signal = io.interruption?.()
  let shown = Promise.resolve()
  try {
    return await read({
      onProgress: (at) => {
        shown = shown.then(() => progress.show(`${doing}: ${told(at)}`))
      },
      ...(signal === undefined ? {} : { signal }),
    })
  } finally {
    await shown
    await progress.clear()
  }
}

function told({ events, total }: ReadProgress): string {
  if (total === undefined || total === 0) return `${events} events`
  return `${events} of ${total} events (${Math.min(100, Math.floor((events / total) * 100))} %)`
}
