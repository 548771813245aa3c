import type { Actor } from '../access/actor.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { EventData, Handlers } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'

/** A person's word that one stateful node, as it is now, may be deleted. */
export type Confirmation = Readonly<EventData<'DeletionConfirmed'>> & { readonly by: Actor; readonly at: string }

/** A last copy that was taken of something before its removal (PROTECT 6), where the provider keeps it. */
export type LastCopy = {
  readonly node: NodeId
  /** The provider's name of the copy. */
  readonly name: string
  /** What it was taken of: it lies in the same account and region. */
  readonly of: ProviderRef
  readonly deployment: string
  /** ISO 8601. */
  readonly takenAt: string
}

/** What became of an environment as a whole, by whom and when (ISO 8601). */
export type Ending<T extends 'EnvironmentDestroyed' | 'EnvironmentDeleted'> = Readonly<EventData<T>> & {
  readonly by: Actor
  readonly at: string
}

/** What persons said about removals, and what became of the environment as a whole. */
export type ProtectionSlice = {
  /** Confirmations that hold, by node. */
  readonly confirmations: Map<NodeId, Confirmation>
  /** Living nodes that somebody handed over to us or bound a need to: what they hold is not ours alone (PROTECT 11). */
  readonly entrusted: Set<NodeId>
  readonly lastCopies: LastCopy[]
  /** Copies that are being taken, by deployment and step. */
  readonly copying: Map<string, LastCopy>
  destroyed: Ending<'EnvironmentDestroyed'> | undefined
  deleted: Ending<'EnvironmentDeleted'> | undefined
}

/** Nothing is confirmed, and the environment lives. */
export function emptyProtection(): ProtectionSlice {
  return {
    confirmations: new Map(),
    entrusted: new Set(),
    lastCopies: [],
    copying: new Map(),
    destroyed: undefined,
    deleted: undefined,
  }
}

/** What each event does to the slice. */
export const protectionHandlers = {
  DeletionConfirmed(slice, { data, metadata }) {
    slice.confirmations.set(data.node, { ...data, by: metadata.actor, at: metadata.recordedAt })
  },
  DeletionConfirmationVoided(slice, { data }) {
    slice.confirmations.delete(data.node)
  },
  // That it was confirmed shows in the deployment that it triggers.
  DestructionConfirmed: () => undefined,
  EnvironmentDestroyed(slice, { data, metadata }) {
    slice.destroyed = { ...data, by: metadata.actor, at: metadata.recordedAt }
  },
  EnvironmentDeleted(slice, { data, metadata }) {
    slice.deleted = { ...data, by: metadata.actor, at: metadata.recordedAt }
  },
  NodeManaged(slice, { data }) {
    slice.entrusted.add(data.node)
  },
  NeedBound(slice, { data }) {
    slice.entrusted.add(data.resource)
  },
  NodeRetired(slice, { data }) {
    slice.confirmations.delete(data.node)
    slice.entrusted.delete(data.node)
  },
  StepStarted(slice, { data, metadata }) {
    const { operation, ref, name, node, deployment } = data
    if (operation !== 'take-last-copy' || ref === undefined || name === undefined) return
    slice.copying.set(keyOf(data), { node, name, of: ref, deployment, takenAt: metadata.recordedAt })
  },
  StepSucceeded(slice, { data, metadata }) {
    if (slice.copying.size === 0) return
    const copy = slice.copying.get(keyOf(data))
    if (copy === undefined) return
    slice.copying.delete(keyOf(data))
    slice.lastCopies.push({ ...copy, takenAt: metadata.recordedAt })
  },
  StepFailed(slice, { data }) {
    if (data.outcome === 'refused') slice.copying.delete(keyOf(data))
  },
} satisfies Handlers<ProtectionSlice>

function keyOf({ deployment, step }: { readonly deployment: string; readonly step: string }): string {
  return `${deployment}/${step}`
}
