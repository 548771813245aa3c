import type { EnvironmentState } from '../environment/state.ts'
import type { Answer } from '../graph/answer.ts'
import { rejectionError } from '../ledger-error.ts'
import type { EnvironmentAccess } from './environment-access.ts'

/** Asks the current state; where the answer lies further back than a snapshot reaches, the whole history is loaded and asked. */
export async function ask<Value>(
  access: EnvironmentAccess,
  question: (state: EnvironmentState) => Answer<Value>,
): Promise<Value> {
  const first = question(await access.read())
  const answer = first.type === 'not-loaded' ? question(await access.readHistory()) : first
  if (answer.type === 'answered') return answer.value
  if (answer.type === 'rejected') throw rejectionError(answer.rejection)
  throw new Error('The whole history is loaded and still does not answer')
}
