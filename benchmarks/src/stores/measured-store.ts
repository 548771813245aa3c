import type { WorkEvent } from './workload.ts'

/** A store of events as the comparison uses it: ours, a driver alone, or a peer. */
export interface MeasuredStore {
  /** Appends events, durable before it resolves; `at` is how many the stream has already. */
  append(stream: string, events: readonly WorkEvent[], at: number): Promise<void>
  /** Reads one stream, in order. */
  read(stream: string, apply: (event: Pick<WorkEvent, 'data'>) => void): Promise<void>
  /** Reads everything, in the order of commits where the store knows one. */
  readAll(apply: (event: Pick<WorkEvent, 'data'>) => void): Promise<void>
  close(): Promise<void>
}
