/** Runs requests in groups: "whatever waited while the last one was committed" pays for one commit together. */
export type GroupCommitter<Request, Answer> = {
  /** Puts a request into the next group and answers when that is committed. `bytes` is what it writes, roughly. */
  submit(request: Request, size: { readonly events: number; readonly bytes: number }): Promise<Answer>
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

/** What became of one request of a group. */
export type Outcome<Answer> = { readonly result: Answer } | { readonly refusal: unknown }

/** How much goes into one commit, so that none keeps other writers waiting long. */
const GROUP_LIMITS = { events: 2_000, bytes: 4 * 1024 * 1024 } as const

type Job<Request, Answer> = {
  readonly request: Request
  readonly events: number
  readonly bytes: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Makes a committer of `commit`, which takes a group, in order, and says what became of each; when it throws, the whole
 * group fails.
 */
export function groupCommitter<Request, Answer>(
  commit: (group: readonly Request[]) => Promise<readonly Outcome<Answer>[]>,
): GroupCommitter<Request, Answer> {
  const waiting: Job<Request, Answer>[] = []
  let draining: Promise<void> | undefined

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      // All callers who were answered together, or ask at the same moment, are in the next group together.
      await othersHaveAsked()
      await run(waiting.splice(0, groupSize(waiting)))
    }
    draining = undefined
  }

  async function run(group: readonly Job<Request, Answer>[]): Promise<void> {
    try {
      const outcomes = await commit(group.map(({ request }) => request))
      for (const [index, job] of group.entries()) settle(job, outcomes[index])
    } catch (error) {
      for (const job of group) job.reject(error)
    }
  }

  return {
    submit(request, size) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      waiting.push({ request, ...size, resolve, reject })
      draining ??= drain()
      return promise
    },
    idle: async () => draining,
  }
}

/** Resolves when all promises that were settled have been acted upon; no turn of the event loop is spent on it. */
function othersHaveAsked(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve)
  })
}

function settle<Request, Answer>(job: Job<Request, Answer>, outcome: Outcome<Answer> | undefined): void {
  if (outcome === undefined) job.reject(new Error('A commit has not said what became of each request'))
  else if ('refusal' in outcome) job.reject(outcome.refusal)
  else job.resolve(outcome.result)
}

/** How many of those that wait go into one group: at least one. */
function groupSize(waiting: readonly { readonly events: number; readonly bytes: number }[]): number {
  let events = 0
  let bytes = 0
  for (const [index, job] of waiting.entries()) {
    events += job.events
    bytes += job.bytes
    if (index > 0 && (events > GROUP_LIMITS.events || bytes > GROUP_LIMITS.bytes)) return index
  }
  return waiting.length
}
