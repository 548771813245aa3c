/** An event as every store of the comparison is given it. */
export type WorkEvent = {
  readonly type: string
  readonly data: {
    readonly node: string
    readonly version: number
    readonly set: Readonly<Record<string, string | number | boolean>>
    readonly cause: { readonly type: string; readonly reason: string }
  }
  readonly metadata: {
    readonly actor: { readonly type: string; readonly id: string; readonly assurance: string }
    readonly recordedAt: string
    readonly correlationId: string
  }
}

/** What is in a store before it is read: ten streams of 10,000 events. */
export const FILLED = { streams: 10, events: 10_000, batch: 100 } as const
export const filledStream = (index: number): string => `environment-filled-${index}`

const START = Date.UTC(2026, 0, 1)
const NODES = 5_000

/** About 400 bytes of data and metadata: a change of four properties of one of 5,000 nodes. */
export function workEvent(index: number): WorkEvent {
  return {
    type: ['NodeVersionRecorded', 'StepSucceeded', 'ObservationCompleted'][index % 3] ?? '',
    data: {
      node: `sql-instance/n${index % NODES}`,
      version: Math.floor(index / NODES) + 1,
      set: { tier: 'db.r6g.large', zone: 'eu-west-1b', 'storage.gib': 100 + (index % 50), revision: index },
      cause: { type: 'repair', reason: 'bench' },
    },
    metadata: {
      actor: { type: 'user', id: 'ada', assurance: 'asserted' },
      recordedAt: new Date(START + index * 1_000).toISOString(),
      correlationId: `ticket-${index % 1_000}`,
    },
  }
}

export function workEvents(count: number, from = 0): readonly WorkEvent[] {
  return Array.from({ length: count }, (_, index) => workEvent(from + index))
}

/** What a rebuild keeps: the newest revision of each node, and how many events there were. The same for every store. */
export type Projection = { events: number; readonly revisions: Map<string, unknown> }

export const emptyProjection = (): Projection => ({ events: 0, revisions: new Map() })

export function project(into: Projection, { data }: Pick<WorkEvent, 'data'>): void {
  into.events += 1
  into.revisions.set(data.node, data.set['revision'])
}
