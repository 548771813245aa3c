/** Sends appends one after the other, in the order in which they were made. */
export type AppendQueue = {
  /** Runs `send` when everything before it has been sent and answered. */
  submit<T>(send: () => Promise<T>): Promise<T>
  /** Takes what follows the sending of an append into account, without making later ones wait. */
  track<T>(work: Promise<T>): Promise<T>
  /** Resolves when nothing waits or runs any more. */
  idle(): Promise<void>
}

/** An empty queue. */
export function appendQueue(): AppendQueue {
  let tail: Promise<unknown> = Promise.resolve()
  const running = new Set<Promise<unknown>>()

  function track<T>(work: Promise<T>): Promise<T> {
    const settled: Promise<void> = work.then(
      () => void running.delete(settled),
      () => void running.delete(settled),
    )
    running.add(settled)
    return work
  }

  return {
    submit(send) {
      const sent = tail.then(send)
      // The next one is sent whatever became of this one.
      tail = sent.catch(() => {})
      return track(sent)
    },
    track,
    async idle() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
