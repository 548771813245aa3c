/** The calls of the ports that a fake cloud serves. */
export type FakeCallOperation = 'create' | 'update' | 'remove' | 'snapshot' | 'observe' | 'discover' | 'activity'

/** One call that somebody made through the ports, page reads included; what a console does is not among them. */
export type FakeCall = {
  readonly operation: FakeCallOperation
  /** Left out for reads of many. */
  readonly kind?: string
  readonly name?: string
  /** Idempotency key. */
  readonly key?: string
  /** ISO 8601, on the virtual clock. */
  readonly at: string
  /** What the caller was told; `crashed`: nothing, for it had died. */
  readonly outcome: 'answered' | 'refused' | 'retryable' | 'unknown' | 'crashed'
  /** Whether the call set something going: false for reads, refusals, repetitions under one key, and removals of what is gone. */
  readonly effect: boolean
}

/** Which calls: those that agree in everything given. */
export type FakeCallFilter = Partial<Omit<FakeCall, 'at'>>

/** Whether a call is one of those. */
export function matchesCall(call: FakeCall, filter: FakeCallFilter): boolean {
  return (
    (filter.operation === undefined || filter.operation === call.operation) &&
    (filter.kind === undefined || filter.kind === call.kind) &&
    (filter.name === undefined || filter.name === call.name) &&
    (filter.key === undefined || filter.key === call.key) &&
    (filter.outcome === undefined || filter.outcome === call.outcome) &&
    (filter.effect === undefined || filter.effect === call.effect)
  )
}
