import type { Clock } from '../clock.ts'

/** The machine's clock. The one place where the library asks for the time of day. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep(milliseconds, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve()
      const timer = setTimeout(finish, milliseconds)
      // An abort ends the wait early; that is its purpose, not an error.
      signal?.addEventListener('abort', finish, { once: true })
      function finish(): void {
        clearTimeout(timer)
        signal?.removeEventListener('abort', finish)
        resolve()
      }
    })
  },
}
