/** Time as a port: the system's in production, virtual in tests. */
export interface Clock {
  /** The present moment. */
  now(): Date
  /** Resolves after `milliseconds` of this clock's time, or at once when `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}
