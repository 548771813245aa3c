import fc from 'fast-check'
import { pick } from './arbitrary.fixture.ts'
import type { Pick, ScriptCommand } from './command.fixture.ts'
import { lastWords, phrase } from './phrases.fixture.ts'

/** How the cloud answers: in small pages, late, seldom, or with what was so a while ago. */
export const CLOUDS = {
  plain: {},
  paged: { pageSize: 2 },
  slow: { latencyMs: [50, 900], activityDelayMs: 15 * 60_000 },
  // A read begins again when it is throttled, so what there is must fit into one second of calls.
  throttled: { callsPerSecond: 8, pageSize: 12 },
  lagging: { consistencyDelayMs: 8_000 },
} as const

/** How an environment is set up before anything happens. */
export type Setup = {
  /** Which policy of the catalogue holds at first. */
  readonly approvals: Pick
  readonly type: 'production' | 'development' | 'preview'
  /** Executors in how many of the processes. */
  readonly executors: 1 | 2
  /** Steps that an executor runs at once. */
  readonly concurrency: 1 | 3 | 8
  readonly cloud: keyof typeof CLOUDS
  /** Whether a platform runs the services. */
  readonly platform: boolean
  /** Whether the ledger can prove who somebody is. */
  readonly authenticates: boolean
  /** Whether the cloud's adapter keeps something current by itself. */
  readonly baseline: boolean
  /** Which model runs already, if one does. */
  readonly deployed: Pick | null
}

export type Script = { readonly setup: Setup; readonly commands: readonly ScriptCommand[] }

const setup: fc.Arbitrary<Setup> = fc.record({
  approvals: fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 5, 6),
  type: fc.constantFrom<Setup['type']>('production', 'production', 'development', 'development', 'preview'),
  executors: fc.constantFrom<1 | 2>(1, 1, 2),
  concurrency: fc.constantFrom<1 | 3 | 8>(1, 3, 8),
  cloud: fc.constantFrom<Setup['cloud']>('plain', 'plain', 'paged', 'slow', 'throttled', 'lagging'),
  platform: fc.constantFrom(false, false, true),
  authenticates: fc.constantFrom(false, false, true),
  baseline: fc.constantFrom(false, false, true),
  deployed: fc.option(pick, { freq: 2 }),
})

/** Scripts of up to so many phrases. */
export function scripts(phrases = 10): fc.Arbitrary<Script> {
  const body = fc.array(phrase, { minLength: 1, maxLength: phrases, size: 'max' })
  const end = fc.option(lastWords, { freq: 2, nil: [] })
  return fc.record({ setup, commands: fc.tuple(body, end).map(([said, last]) => [...said.flat(), ...last]) })
}
