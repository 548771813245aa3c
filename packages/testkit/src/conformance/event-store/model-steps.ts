import fc from 'fast-check'
import type { ExpectedRevision } from '@infraledger/core/adapter'
import type { Stage } from './stage.ts'

/**
 * An append decided on the right revision or on any other, or an earlier append again, whole or with other content.
 * Numbers choose among what is there.
 */
export type AppendStep =
  | {
      readonly type: 'append'
      readonly stream: number
      readonly count: number
      readonly kind: number
      readonly expected: 'right' | ExpectedRevision
    }
  | { readonly type: 'repeat'; readonly earlier: number; readonly expected: ExpectedRevision }
  | { readonly type: 'reuse'; readonly earlier: number }

/** A read of the whole store behind one of its events. */
export type ReadAllStep = {
  readonly type: 'read-all'
  readonly behind: number
  readonly types?: readonly string[] | undefined
  readonly limit?: number | undefined
}

/** One step of a workload. */
export type Step =
  | AppendStep
  | { readonly type: 'together'; readonly appends: readonly AppendStep[] }
  | {
      readonly type: 'read-stream'
      readonly stream: number
      readonly backwards: boolean
      readonly from?: number
      readonly limit?: number
    }
  | ReadAllStep
  | {
      readonly type: 'save-snapshot'
      readonly stream: number
      readonly revision: number
      readonly foldVersion: number
    }
  | { readonly type: 'load-snapshot'; readonly stream: number }

/** The types of a workload's events, of which reads choose some. */
export const TYPES = ['FirstHappened', 'SecondHappened', 'ThirdHappened'] as const

const STREAMS = 3

/** The name of a workload's stream in this run. */
export const streamOf = ({ named }: Stage, stream: number): string => named(`stream-${stream}`)

const stream = fc.nat(STREAMS - 1)
const anyRevision = fc.oneof(fc.constant('none' as const), fc.nat(6))
const append: fc.Arbitrary<AppendStep> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      stream,
      count: fc.integer({ min: 1, max: 4 }),
      kind: fc.nat(TYPES.length - 1),
      expected: fc.oneof(
        { weight: 3, arbitrary: fc.constant('right' as const) },
        { weight: 1, arbitrary: anyRevision },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('repeat' as const), earlier: fc.nat(), expected: anyRevision }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reuse' as const), earlier: fc.nat() }) },
)
const together = fc.record({
  type: fc.constant('together' as const),
  appends: fc.array(append, { minLength: 2, maxLength: 5 }),
})
const readStream = fc.record(
  { type: fc.constant('read-stream' as const), stream, backwards: fc.boolean(), from: fc.nat(12), limit: fc.nat(9) },
  { requiredKeys: ['type', 'stream', 'backwards'] },
)
const readAll = fc.record(
  {
    type: fc.constant('read-all' as const),
    behind: fc.nat(),
    types: fc.subarray<string>([...TYPES, 'NeverHappened']),
    limit: fc.nat(9),
  },
  { requiredKeys: ['type', 'behind'] },
)
const saveSnapshot = fc.record({
  type: fc.constant('save-snapshot' as const),
  stream,
  revision: fc.nat(9),
  foldVersion: fc.integer({ min: 1, max: 3 }),
})
const loadSnapshot = fc.record({ type: fc.constant('load-snapshot' as const), stream })

/** Workloads of up to 25 steps, mostly appends. */
export const anyWorkload: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Step> }[]>(
    { weight: 6, arbitrary: append },
    { weight: 2, arbitrary: together },
    { weight: 1, arbitrary: readStream },
    { weight: 1, arbitrary: readAll },
    { weight: 1, arbitrary: saveSnapshot },
    { weight: 1, arbitrary: loadSnapshot },
  ),
  { maxLength: 25 },
)
