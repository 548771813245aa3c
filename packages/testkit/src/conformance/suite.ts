/** A test runner: vitest's `{ describe, it }`, or that of `node:test`. */
export type TestRunner = {
  readonly describe: (name: string, define: () => void) => unknown
  readonly it: (title: string, run: () => Promise<void>) => unknown
}

/** How to run a suite, and the ids of the cases that are known to fail. */
export type SuiteOptions = TestRunner & { readonly knownGaps?: readonly string[] }

/** One requirement on every implementation of a port. The title begins with the rule; `run` throws when it does not hold. */
export type ConformanceCase<Harness> = {
  readonly id: string
  readonly title: string
  readonly run: (harness: Harness) => Promise<void>
}

/** Binds cases to a test runner, each on a fresh harness. A known gap is expected to fail: once it passes, its test fails. */
export function describeSuite<Harness extends { readonly cleanup: () => Promise<void> }>(
  name: string,
  cases: readonly ConformanceCase<Harness>[],
  createHarness: () => Promise<Harness>,
  { describe, it, knownGaps = [] }: SuiteOptions,
): void {
  const unknown = knownGaps.filter((gap) => !cases.some(({ id }) => id === gap))
  if (unknown.length > 0) throw new Error(`Known gaps that are no cases of the suite: ${unknown.join(', ')}`)
  describe(name, () => {
    for (const { id, title, run } of cases) {
      const gap = knownGaps.includes(id)
      it(gap ? `${title} (known gap)` : title, async () => {
        const harness = await createHarness()
        try {
          await (gap ? failing(id, run(harness)) : run(harness))
        } finally {
          await harness.cleanup()
        }
      })
    }
  })
}

async function failing(id: string, running: Promise<void>): Promise<void> {
  const passed = await running.then(
    () => true,
    () => false,
  )
  if (passed) throw new Error(`The gap '${id}' is closed: take it from knownGaps`)
}
