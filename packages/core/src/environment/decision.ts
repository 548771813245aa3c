import type { Actor } from '../access/actor.ts'
import type { KindCapabilities } from '../cloud/cloud-provider.ts'
import type { NodeId } from '../graph/ids.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { reject } from '../ledger-error.ts'
import type { ErrorCode, Rejection } from '../ledger-error.ts'
import type { ErrorDetails } from '../error-catalogue.ts'
import type { DomainEvent } from './catalogue.ts'
import type { EnvironmentState } from './state.ts'

/** What a rule may know besides the state: time, identity and the world come in as arguments, so that rules stay pure. */
export type CommandContext = {
  /** ISO 8601 in UTC with milliseconds. */
  readonly now: string
  readonly actor: Actor
  /** A fresh UUIDv7. */
  readonly newId: () => string
  readonly kinds: KindCatalogue
  /** What a configured provider says of a kind; undefined where there is none, or it does not serve the kind. */
  readonly capabilities: (provider: string, kind: string) => KindCapabilities | undefined
  /** Names of the configured providers. */
  readonly providers: readonly string[]
  /** The provider's name for a resource that is about to be created. */
  readonly nameOf: (node: NodeId, incarnation: number) => string
  /** Labels that every resource gets when it is created. */
  readonly labelsOf: (node: NodeId) => Readonly<Record<string, string>>
  /** Whether the ledger can prove identities: it was opened with an authenticator. */
  readonly authenticates?: boolean
}

/**
 * What a rule answers. `divisible` events may be appended in several parts when they exceed one append's limits; a command whose
 * events are divisible must go on where it stopped when it is decided again on a state that holds the first parts.
 */
export type Decision =
  | { readonly type: 'accepted'; readonly events: readonly DomainEvent[]; readonly divisible?: boolean }
  | { readonly type: 'rejected'; readonly rejection: Rejection }

/** A rule: pure, sees the whole environment's state, answers events or a typed refusal. */
export type Decide<Command> = (state: EnvironmentState, command: Command, context: CommandContext) => Decision

export function accepted(events: readonly DomainEvent[]): Decision {
  return { type: 'accepted', events }
}

export function rejected<C extends ErrorCode>(code: C, message: string, details: ErrorDetails[C]): Decision {
  return { type: 'rejected', rejection: reject(code, message, details) }
}
