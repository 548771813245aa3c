import { createHash } from 'node:crypto'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'

/** What is to be typed before an environment is destroyed, or deleted from the ledger. */
export type ChallengedAction = 'destroy' | 'delete'

/** What a challenge is bound to. */
type Challenged = { readonly environment: string; readonly graphVersion: number }

/**
 * The phrase that a person types (PROTECT 1): the same for everybody, and bound to what is done, the environment and its graph version, so
 * that neither a habit nor a script of last week answers it.
 */
export function challengePhrase(action: ChallengedAction, { environment, graphVersion }: Challenged): string {
  return `${action} ${environment} at graph version ${graphVersion}`
}

/** SHA-256 of a phrase: what is recorded of it. */
export function phraseHash(phrase: string): string {
  return createHash('sha256').update(phrase).digest('hex')
}

/**
 * Whether the challenge of an action was answered: code unit by code unit, nothing trimmed, folded or normalised. A phrase for another graph
 * version of this environment is `challenge-stale`, for the list that was read is not the list of now; anything else is `challenge-mismatch`.
 */
export function checkChallenge(
  { environment, graph }: EnvironmentState,
  action: ChallengedAction,
  given: string | undefined,
): Rejection | undefined {
  const current = { environment: environment.name, graphVersion: graph.version }
  if (given === challengePhrase(action, current)) return undefined
  const version = Number(/ at graph version (\d{1,15})$/.exec(given ?? '')?.[1])
  if (Number.isSafeInteger(version) && given === challengePhrase(action, { ...current, graphVersion: version })) {
    const message = `the graph of ${environment.name} is at version ${graph.version}, not ${version} any more: read again what would go, and type the new challenge`
    const details = { environment: environment.name, action, given: version, current: graph.version }
    return reject('challenge-stale', message, details)
  }
  const message = `the challenge to ${action} ${environment.name} was not answered: read what would go, and type the challenge exactly as it is shown`
  return reject('challenge-mismatch', message, { environment: environment.name, action })
}
