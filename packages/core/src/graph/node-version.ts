import type { Actor } from '../access/actor.ts'
import type { LedgerEvent } from '../environment/catalogue.ts'
import type { Properties } from '../json.ts'
import { withChanges } from './fold.ts'
import type { NodeVersion } from './versions.ts'

/** Every so many versions the properties are put together at once, so that reading any version takes at most this many steps. */
const WHOLE_EVERY = 16

const NOTHING: Properties = {}
const NO_KEYS: readonly string[] = []

/** A version as its event tells it: a change of a living node, or the end of one. */
export function recordedVersion(
  event: LedgerEvent<'NodeVersionRecorded'>,
  graphVersion: number,
  living: NodeVersion | undefined,
  actor: Actor,
): NodeVersion {
  const { set, unset } = event.data
  return new ChainedVersion(event, graphVersion, event.data.ref ?? living?.ref, undefined, living, set, unset, actor)
}

export function retiredVersion(
  event: LedgerEvent<'NodeRetired'>,
  graphVersion: number,
  last: NodeVersion | undefined,
): NodeVersion {
  return new ChainedVersion(
    event,
    graphVersion,
    last?.ref,
    event.data.reason,
    last,
    NOTHING,
    NO_KEYS,
    event.metadata.actor,
  )
}

/**
 * A version that keeps what changed, and puts all its properties together when they are first read: most versions of a long history never
 * are. A class, unlike everything else here: an object with an accessor on its prototype is made in half the time of a literal, and a fold
 * makes millions of them (measured; see `benchmarks/src/fold.ts`).
 */
class ChainedVersion implements NodeVersion {
  readonly version: number
  readonly incarnation: number
  readonly graphVersion: number
  readonly recordedAt: string
  readonly effectiveAt: string | undefined
  readonly revision: number
  readonly actor: NodeVersion['actor']
  readonly cause: NodeVersion['cause']
  readonly ref: NodeVersion['ref']
  readonly retired: NodeVersion['retired']
  readonly set: Properties
  readonly unset: readonly string[]
  private before: NodeVersion | undefined
  private whole: Properties | undefined

  constructor(
    event: LedgerEvent<'NodeVersionRecorded' | 'NodeRetired'>,
    graphVersion: number,
    ref: NodeVersion['ref'],
    retired: NodeVersion['retired'],
    before: NodeVersion | undefined,
    set: Properties,
    unset: readonly string[],
    actor: Actor,
  ) {
    this.version = event.data.version
    this.incarnation = event.data.incarnation
    this.graphVersion = graphVersion
    this.recordedAt = event.metadata.recordedAt
    this.effectiveAt = event.metadata.effectiveAt
    this.revision = event.revision
    this.actor = actor
    this.cause = event.data.cause
    this.ref = ref
    this.retired = retired
    this.set = set
    // One shared list for all that unset nothing, which is nearly all.
    this.unset = unset.length === 0 ? NO_KEYS : unset
    this.before = before
    this.whole = undefined
    if (this.version % WHOLE_EVERY === 0) this.putTogether()
  }

  get properties(): Properties {
    return this.whole ?? this.putTogether()
  }

  get changed(): readonly string[] {
    return this.unset.length === 0 ? Object.keys(this.set) : [...Object.keys(this.set), ...this.unset]
  }

  /** Only this version keeps what it puts together: those on the way back to the nearest whole one may never be asked. */
  private putTogether(): Properties {
    const steps: ChainedVersion[] = [this]
    let before = this.before
    for (; before instanceof ChainedVersion && before.whole === undefined; before = before.before) steps.push(before)
    this.whole = afterSteps(before?.properties, steps.toReversed())
    this.before = undefined
    return this.whole
  }
}

/** What changed, step by step. */
type Step = { readonly set: Properties; readonly unset: readonly string[] }

function afterSteps(before: Properties | undefined, steps: readonly Step[]): Properties {
  const [first] = steps
  if (first !== undefined && steps.length === 1) return withChanges(before, first.set, first.unset)
  if (steps.every(({ unset }) => unset.length === 0)) {
    // The few that changed are put together first, so that the many that did not are copied once and not for each step.
    const set = steps.reduce<Properties>((all, step) => ({ ...all, ...step.set }), NOTHING)
    return withChanges(before, set, NO_KEYS)
  }
  return steps.reduce((all, { set, unset }) => withChanges(all, set, unset), before ?? NOTHING)
}
