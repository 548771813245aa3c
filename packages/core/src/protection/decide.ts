import { personRequired } from '../access/person.ts'
import { deployedModel } from '../application/state.ts'
import type { Model } from '../application/state.ts'
import { usersOf } from '../application/usage.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { accepted } from '../environment/decision.ts'
import type { CommandContext, Decide } from '../environment/decision.ts'
import type { ErrorDetails } from '../error-catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { findLivingNode } from '../graph/living-node.ts'
import type { LivingNode } from '../graph/living-node.ts'
import { invalidInput } from '../invalid-input.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { protectionCommandSchema } from './commands.ts'
import type { ProtectionCommand, ProtectionCommandOf } from './commands.ts'
import { mayDestroy } from './decide-destruction.ts'
import { sourceOf } from './replica.ts'
import type { Confirmation } from './state.ts'

type Confirm = ProtectionCommandOf<'confirm-deletion'>

/** The rules of what may be removed: a person confirms the deletion of one unused stateful node, as it is now (PROTECT 2). */
export const decideProtection: Decide<ProtectionCommand> = (state, command, context) => {
  const parsed = protectionCommandSchema.safeParse(command)
  if (!parsed.success) return { type: 'rejected', rejection: invalidInput(command.type, parsed.error) }
  const { actor } = context
  const notAPerson = personRequired(actor, 'confirm a deletion')
  if (notAPerson !== undefined) return { type: 'rejected', rejection: notAPerson }
  const events = confirmDeletion(state, parsed.data, context)
  return 'code' in events ? { type: 'rejected', rejection: events } : accepted(events)
}

function confirmDeletion(
  state: EnvironmentState,
  command: Confirm,
  context: CommandContext,
): readonly DomainEvent[] | Rejection {
  const { node, reason, acknowledgeLoss: lossAcknowledged, automatedBackupsToo, forDestruction } = command
  const target = findLivingNode(state.graph, node, context)
  if ('code' in target) return target
  const problem =
    checkDeletable(target) ??
    (forDestruction
      ? mayDestroy(state, context, 'confirm deletions for the destruction of')
      : checkUnused(state, target)) ??
    checkLoss(state, target, lossAcknowledged)
  if (problem !== undefined) return problem
  const data = {
    node,
    incarnation: target.version.incarnation,
    lossAcknowledged,
    automatedBackupsToo,
    reason,
    ...(forDestruction ? { forDestruction } : {}),
  }
  return saysNothingNew(state.protection.confirmations.get(node), data) ? [] : [{ type: 'DeletionConfirmed', data }]
}

function checkDeletable({ node, kind, ownership }: LivingNode): Rejection | undefined {
  if (ownership === 'observed')
    return refuse(node, 'observed', 'it is only observed, and no deployment removes what is not ours')
  if (kind.statefulness === 'stateful') return undefined
  return refuse(node, 'not-stateful', 'it holds no data: it goes by itself when nothing uses it')
}

/** Used by what is deployed, or by what is being deployed: either is used (PROTECT 3). Without a model nothing is unused (OWN 2). */
function checkUnused(state: EnvironmentState, { node }: LivingNode): Rejection | undefined {
  const { application } = state
  const deployed = deployedModel(application)
  if (deployed === undefined) {
    return refuse(node, 'usage-unknown', 'no deployment has succeeded yet, so nothing says what the application uses')
  }
  const underWay = [...application.underWay.values()].map((digest) => application.models.get(digest))
  for (const model of new Set<Model | undefined>([deployed, ...underWay])) {
    const users = model === undefined ? [] : usersOf(state, model, node)
    if (users.length === 0) continue
    const why = `it is in use by ${users.join(', ')} (where the whole environment is to be destroyed, confirm it for that)`
    return refuse(node, 'in-use', why, users)
  }
  return undefined
}

/** PROTECT 6: where no copy can be kept, the loss is acknowledged; of a replica, nothing is lost. */
function checkLoss(
  state: EnvironmentState,
  { node, kind }: LivingNode,
  lossAcknowledged: boolean,
): Rejection | undefined {
  if (kind.lastCopy !== 'loss-acknowledged' || lossAcknowledged || sourceOf(state, node) !== undefined) return undefined
  return refuse(node, 'loss-not-acknowledged', `no copy of what a ${kind.name} holds can be kept: acknowledge the loss`)
}

function saysNothingNew(known: Confirmation | undefined, data: Omit<Confirmation, 'by' | 'at' | 'reason'>): boolean {
  return (
    known?.incarnation === data.incarnation &&
    // A word for any case says more than one for the destruction alone.
    (known.forDestruction !== true || data.forDestruction === true) &&
    known.lossAcknowledged === data.lossAcknowledged &&
    known.automatedBackupsToo === data.automatedBackupsToo
  )
}

function refuse(
  node: string,
  reason: ErrorDetails['confirmation-refused']['reason'],
  why: string,
  usedBy: readonly string[] = [],
): Rejection {
  return reject('confirmation-refused', `the deletion of ${node} cannot be confirmed: ${why}`, { node, reason, usedBy })
}
