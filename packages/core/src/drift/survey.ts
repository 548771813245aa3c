import { match } from 'ts-pattern'
import type { CloudProvider, CloudTarget } from '../cloud/cloud-provider.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { EventData } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion } from '../graph/state.ts'
import { livesIn } from './target.ts'
import { because } from './unseen.ts'
import type { Unseen } from './unseen.ts'

/** What to look at: everything of the environment (default), everything of some targets, or some nodes. */
export type ReconcileScope =
  | { readonly type: 'environment'; readonly kinds?: readonly string[] }
  | { readonly type: 'targets'; readonly targets: readonly CloudTarget[]; readonly kinds?: readonly string[] }
  | { readonly type: 'nodes'; readonly nodes: readonly NodeId[] }

/** A resource that the ledger knows and a scan is to see. */
export type KnownResource = { readonly node: NodeId; readonly ref: ProviderRef }

/** What a scan is going to look at, and what it cannot. */
export type Survey = {
  readonly scope: EventData<'ObservationCompleted'>['scope']
  /** Listed whole, also what no node knows. */
  readonly listings: readonly CloudTarget[]
  readonly known: readonly KnownResource[]
  /** Resources without a node that were reported before: are they still there? */
  readonly unmanaged: readonly ProviderRef[]
  readonly unseen: readonly Unseen[]
}

type Cloud = Pick<CloudProvider, 'name' | 'capabilities'>

/** Works out what a scan looks at. */
export function survey(state: EnvironmentState, clouds: readonly Cloud[], wanted: ReconcileScope): Survey {
  const scope = scopeOf(state, wanted)
  const kinds = wanted.type === 'nodes' ? undefined : wanted.kinds
  const byName = new Map(clouds.map((cloud) => [cloud.name, cloud]))
  const targets = scope.type === 'targets' ? scope.targets : []
  const unseen = new Map<string, Unseen>()
  const note = (entry: Unseen): void => void unseen.set(JSON.stringify(entry), entry)

  const known = candidates(state, wanted).flatMap((node): KnownResource[] => {
    const ref = aliveVersion(state.graph, node)?.ref
    const kind = kindOf(node)
    if (kinds?.includes(kind) === false) return []
    if (ref === undefined) {
      if (wanted.type === 'nodes') note(because('no provider knows it', { node }))
      return []
    }
    if (wanted.type === 'targets' && !livesIn(wanted.targets, ref, state.environment.clouds)) return []
    const cloud = byName.get(ref.provider)
    if (cloud === undefined) note(noCloud(ref.provider))
    else if (cloud.capabilities(kind) === undefined)
      note(because(`${ref.provider} does not serve ${kind}`, { provider: ref.provider, kind }))
    else return [{ node, ref }]
    return []
  })
  for (const { provider } of targets) if (!byName.has(provider)) note(noCloud(provider))
  const strangers = [...state.drift.unmanaged.values()].filter(({ ref, kind }) => {
    return kinds?.includes(kind) !== false && livesIn(targets, ref, state.environment.clouds)
  })
  return {
    scope,
    listings: targets.filter(({ provider }) => byName.has(provider)),
    known,
    unmanaged: strangers.map(({ ref }) => ref),
    unseen: [...unseen.values()],
  }
}

function candidates(state: EnvironmentState, wanted: ReconcileScope): readonly NodeId[] {
  return wanted.type === 'nodes' ? [...new Set(wanted.nodes)] : [...state.graph.nodes.keys()]
}

function scopeOf(state: EnvironmentState, wanted: ReconcileScope): Survey['scope'] {
  return match(wanted)
    .returnType<Survey['scope']>()
    .with({ type: 'environment' }, ({ kinds }) => ({
      type: 'targets',
      targets: [...state.environment.clouds],
      everywhere: true,
      ...only(kinds),
    }))
    .with({ type: 'targets' }, ({ targets, kinds }) => ({ type: 'targets', targets: [...targets], ...only(kinds) }))
    .with({ type: 'nodes' }, ({ nodes }) => ({ type: 'nodes', nodes: [...new Set(nodes)] }))
    .exhaustive()
}

function only(kinds: readonly string[] | undefined): { kinds?: string[] } {
  return kinds === undefined ? {} : { kinds: [...kinds] }
}

function noCloud(provider: string): Unseen {
  return because(`no cloud is configured for ${provider}: give it to openLedger({ clouds })`, { provider })
}
