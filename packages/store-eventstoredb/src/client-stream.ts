import { changeSignal, type ChangeSignal } from '@infraledger/core/adapter'

/** What is used of a stream of the client's, whose own types are those of an older Node. */
type Source = {
  readonly on: (event: string, listener: (...values: unknown[]) => void) => unknown
  readonly removeListener: (event: string, listener: (...values: unknown[]) => void) => unknown
  readonly read: () => unknown
  readonly resume: () => unknown
}

/**
 * A stream of the client's, taken from item by item. Not by its own iterator: that destroys the stream when it is left,
 * and what gRPC has received for a destroyed stream is never read, never ends, and keeps its client from being disposed
 * of.
 */
export type ClientStream = {
  /** The next item that is there; undefined when there is none now. Throws what broke the stream once all is taken. */
  take(): unknown
  /** Whether nothing will come any more. */
  ended(): boolean
  /** Raised when something came, ended or broke. */
  readonly news: ChangeSignal
  /** Lets what is left flow off. The caller has called the stream off on the server. */
  release(): void
}

/** Begins to take from a stream. */
export function clientStream(stream: Source): ClientStream {
  const news = changeSignal()
  let failure: unknown
  let ended = false
  stream.on('readable', news.raise)
  // Stays for good: a stream that breaks after it was released has nobody else to tell.
  stream.on('error', (error) => {
    failure ??= error
    news.raise()
  })
  for (const ending of ['end', 'close'] as const)
    stream.on(ending, () => {
      ended = true
      news.raise()
    })
  return {
    take() {
      const item = stream.read()
      if (item !== null) return item
      if (failure !== undefined) throw failure
      return undefined
    },
    ended: () => ended,
    news,
    release() {
      news.close()
      stream.removeListener('readable', news.raise)
      stream.resume()
    },
  }
}
