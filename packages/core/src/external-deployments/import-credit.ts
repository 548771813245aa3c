import type { EnvironmentState } from '../environment/state.ts'
import type { Cause } from '../graph/cause.ts'
import type { NodeId } from '../graph/ids.ts'
import type { ImportedNode } from '../graph/imported-graph.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import type { JsonValue, Properties } from '../json.ts'
import { announcedOf, announcerOf, arrivingAt, endAnnouncedBy } from './announced.ts'
import { isAsPlanned } from './planned-values.ts'

/** What an import found changed of a node. */
export type FoundChange = { readonly set: Properties; readonly unset: readonly string[] }

/** A part of what was found, with the plan that announced it as its cause; without a cause, nobody announced it. */
export type Share = FoundChange & { readonly cause?: Cause }

/** Tells which external deployments are behind what an import finds. */
export interface ImportCredit {
  /** Splits what changed of a known node by who announced it; what nobody did comes last. */
  changed(node: NodeId, change: FoundChange): readonly Share[]
  /** The same of a thing that is new, or another than before: its first version, and what differs from the announcement. */
  arrived(node: NodeId, imported: ImportedNode, isReplaced: boolean): readonly [Share, ...Share[]]
  /** The cause of a node's end, where its end was announced. */
  ended(node: NodeId): Cause | undefined
  /** The cause of a node's having another address, where that was announced. */
  moved(node: NodeId, address: string): Cause | undefined
}

/** Starts telling for one import. */
export function importCredit(
  state: EnvironmentState,
  kinds: KindCatalogue,
  found: { readonly import: string; readonly lineage: string },
): ImportCredit {
  const causes = new Map<string, Cause>()
  const isQuiet = state.externalDeployments.byNode.size === 0 && state.externalDeployments.byAddress.size === 0

  function causeBy(deployment: string): Cause {
    const cause = causes.get(deployment) ?? { type: 'external-deployment', deployment, import: found.import }
    causes.set(deployment, cause)
    return cause
  }

  return {
    changed(node, change) {
      if (isQuiet || !state.externalDeployments.byNode.has(node)) return [change]
      const shares = new Map<string, { readonly set: Record<string, JsonValue>; readonly unset: string[] }>()
      const shareOf = (deployment: string | undefined) => {
        const share = shares.get(deployment ?? '') ?? { set: {}, unset: [] }
        shares.set(deployment ?? '', share)
        return share
      }
      for (const [property, value] of Object.entries(change.set))
        shareOf(announcerOf(state, node, property, value, kinds)?.id).set[property] = value
      for (const property of change.unset)
        shareOf(announcerOf(state, node, property, undefined, kinds)?.id).unset.push(property)
      const announced = [...shares].filter(([deployment]) => deployment !== '')
      return [
        ...announced.map(([deployment, share]) => ({ ...share, cause: causeBy(deployment) })),
        shares.get('') ?? { set: {}, unset: [] },
      ]
    },
    arrived(node, imported, isReplaced) {
      const { address, kind, properties } = imported
      const whole: readonly [Share] = [{ set: properties, unset: [] }]
      if (isQuiet) return whole
      const arriving = arrivingAt(state, { address, kind, lineage: found.lineage })
      const replacing = isReplaced ? endAnnouncedBy(state, node) : undefined
      const announced = replacing?.change.action === 'replace' ? replacing : arriving
      if (announced === undefined) return whole
      const entries = Object.entries(properties)
      const isPlanned = ([property, value]: readonly [string, JsonValue]): boolean =>
        isAsPlanned(announced.change, property, value, kinds)
      const others = { set: Object.fromEntries(entries.filter((entry) => !isPlanned(entry))), unset: [] }
      const planned = {
        set: Object.fromEntries(entries.filter(isPlanned)),
        unset: [],
        cause: causeBy(announced.deployment.id),
      }
      if (MAKES.has(announced.change.action)) return hasNothing(others) ? [planned] : [planned, others]
      return announced.change.action !== 'import' || hasNothing(planned) ? whole : [others, planned]
    },
    ended(node) {
      const announced = isQuiet ? undefined : endAnnouncedBy(state, node)
      return announced === undefined ? undefined : causeBy(announced.deployment.id)
    },
    moved(node, address) {
      if (isQuiet) return undefined
      const announced = announcedOf(state, node).find(
        ({ change }) => change.previousAddress !== undefined && change.address === address,
      )
      return announced === undefined ? undefined : causeBy(announced.deployment.id)
    },
  }
}

/** What makes a thing anew: one that is imported was there before, and only what is changed of it is the plan’s. */
const MAKES: ReadonlySet<string> = new Set(['create', 'replace'])

function hasNothing({ set }: FoundChange): boolean {
  return Object.keys(set).length === 0
}
