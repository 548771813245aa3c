import type { Actor } from '../access/actor.ts'
import type { EventData, Handlers } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'

/** A person's word that one stateful node, as it is now, may be deleted. */
export type Confirmation = Readonly<EventData<'DeletionConfirmed'>> & { readonly by: Actor; readonly at: string }

/** Confirmations that hold, by node. */
export type ProtectionSlice = { readonly confirmations: Map<NodeId, Confirmation> }

/** Nothing is confirmed. */
export function emptyProtection(): ProtectionSlice {
  return { confirmations: new Map() }
}

/** What each event does to the slice. */
export const protectionHandlers = {
  DeletionConfirmed(slice, { data, metadata }) {
    slice.confirmations.set(data.node, { ...data, by: metadata.actor, at: metadata.recordedAt })
  },
  DeletionConfirmationVoided(slice, { data }) {
    slice.confirmations.delete(data.node)
  },
  NodeRetired(slice, { data }) {
    slice.confirmations.delete(data.node)
  },
} satisfies Handlers<ProtectionSlice>
