/** An event as far as its id is concerned. */
type Identified = { readonly id: string; readonly revision: number }

/**
 * The ids that streams hold, as far as they are known here: always of a whole beginning of a stream. The server itself
 * writes an id twice where the revision is right, so whoever appends must know.
 */
export type StreamIds = {
  /** The last revision up to which all ids of a stream are known; -1 for none. */
  knownUpTo(stream: string): number
  /** The revision at which a stream holds an id. */
  find(stream: string, id: string): number | undefined
  /** Takes in events of a stream; those that do not join on to what is known are left out. */
  extend(stream: string, events: readonly Identified[]): void
  /** The ids of a stream in order, up to and with `revision`, if they are known. */
  upTo(stream: string, revision: number): readonly string[] | undefined
  /** Knows nothing of a stream any more. */
  forget(stream: string): void
}

/** So many ids are kept; then those of the streams that were used longest ago are forgotten, and read again. */
const MOST_IDS = 1_000_000

type Known = { readonly byId: Map<string, number>; readonly inOrder: string[] }

/** Knows no stream yet. */
export function streamIds(): StreamIds {
  // In the order of use: the first is the one that was used longest ago.
  const streams = new Map<string, Known>()
  let count = 0

  function use(stream: string): Known {
    const known = streams.get(stream) ?? { byId: new Map(), inOrder: [] }
    streams.delete(stream)
    streams.set(stream, known)
    return known
  }

  function cut({ byId, inOrder }: Known, revision: number): void {
    for (const id of inOrder.splice(revision)) {
      count -= 1
      if ((byId.get(id) ?? -1) >= revision) byId.delete(id)
    }
  }

  function forget(stream: string): void {
    count -= streams.get(stream)?.inOrder.length ?? 0
    streams.delete(stream)
  }

  return {
    knownUpTo: (stream) => (streams.get(stream)?.inOrder.length ?? 0) - 1,
    find: (stream, id) => streams.get(stream)?.byId.get(id),
    extend(stream, events) {
      const known = use(stream)
      const { byId, inOrder } = known
      for (const { id, revision } of events) {
        // What the stream holds is true; what came with a snapshot was only said.
        if (revision < inOrder.length && inOrder[revision] !== id) cut(known, revision)
        if (revision !== inOrder.length) continue
        inOrder.push(id)
        if (!byId.has(id)) byId.set(id, revision)
        count += 1
      }
      for (const oldest of streams.keys()) {
        if (count <= MOST_IDS || oldest === stream) break
        forget(oldest)
      }
    },
    upTo(stream, revision) {
      const inOrder = streams.get(stream)?.inOrder ?? []
      return inOrder.length <= revision ? undefined : inOrder.slice(0, revision + 1)
    },
    forget,
  }
}
