import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { describeActor } from './actor.ts'
import type { Actor } from './actor.ts'

/** The refusal of anybody but a person; `action` reads on from "only a person can". */
export function personRequired(actor: Actor, action: string): Rejection | undefined {
  if (actor.type === 'user') return undefined
  const who = describeActor(actor)
  return reject('person-required', `only a person can ${action}, not ${who}`, { action, actor: who })
}
