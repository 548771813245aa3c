import { subjectOf } from '../environment/roles.ts'
import { CREDENTIAL_CHARACTERS, identitySchema } from '../access/authenticator.ts'
import type { Authenticator } from '../access/authenticator.ts'
import { describeActor } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import type { Clock } from '../clock.ts'
import { isLedgerError, LedgerError, reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'

/** The identities that a ledger has proven. */
export interface Identities {
  /** Whether it can prove any. */
  readonly authenticates: boolean
  authenticate(credential: string): Promise<Actor>
  /** Whether it is the very value that `authenticate` answered. */
  readonly isProven: (actor: unknown) => actor is Actor
  /** Why an actor is not to be believed: it says that it was authenticated and was not, here, or not any more. */
  check(actor: Actor): Rejection | undefined
}

/**
 * Keeps which actors were authenticated in this process, and until when: an actor is believed by being the very value that `authenticate`
 * answered, not by what it says.
 */
export function identities(authenticator: Authenticator | undefined, clock: Clock): Identities {
  const proven = new WeakMap<Actor, string>()
  return {
    authenticates: authenticator !== undefined,
    async authenticate(credential) {
      const { type, id, issuer, expiresAt } = await prove(authenticator, credential)
      const actor: Actor = Object.freeze({ type, id, assurance: 'authenticated', issuer })
      proven.set(actor, new Date(expiresAt).toISOString())
      const expired = expiry(actor, expiresAt, clock)
      if (expired !== undefined) throw new LedgerError(expired.code, expired.message, expired.details)
      return actor
    },
    // Only what `authenticate` made is kept, so whatever is found is an actor.
    isProven: (actor): actor is Actor => typeof actor === 'object' && actor !== null && proven.has(actor as Actor),
    check(actor) {
      if (actor.assurance !== 'authenticated') return undefined
      const expiresAt = proven.get(actor)
      if (expiresAt !== undefined) return expiry(actor, expiresAt, clock)
      const message = `${describeActor(actor)} says to be authenticated, and was not by this ledger: use the actor that \`ledger.authenticate\` answers`
      return reject('actor-not-authenticated', message, { subject: subjectOf(actor) })
    },
  }
}

function expiry(actor: Actor, expiresAt: string, clock: Clock): Rejection<'identity-expired'> | undefined {
  if (clock.now().getTime() < Date.parse(expiresAt)) return undefined
  return {
    code: 'identity-expired',
    message: `the identity of ${describeActor(actor)} was good until ${expiresAt}: authenticate again`,
    details: { subject: subjectOf(actor), expiredAt: expiresAt },
  }
}

/** Asks the authenticator. What it throws in its own words is left out: it may quote the credential. */
async function prove(authenticator: Authenticator | undefined, credential: unknown) {
  if (authenticator === undefined)
    throw new LedgerError('authenticator-missing', 'open the ledger with an `authenticator` to authenticate anybody', {
      action: 'authenticate',
    })
  if (typeof credential !== 'string' || credential === '')
    throw unfit('malformed', 'the credential is no text, or empty')
  if (credential.length > CREDENTIAL_CHARACTERS)
    throw unfit('too-large', `the credential is longer than ${CREDENTIAL_CHARACTERS} characters`)
  let answer: unknown
  try {
    answer = await authenticator.authenticate(credential)
  } catch (error) {
    if (isLedgerError(error)) throw error
    const problem = 'the authenticator threw something that is no LedgerError'
    throw new LedgerError('authenticator-failed', `nobody was authenticated: ${problem}`, { problem })
  }
  const parsed = identitySchema.safeParse(answer)
  if (parsed.success) return parsed.data
  const problem = `the authenticator answered no identity: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`
  throw new LedgerError('authenticator-failed', `nobody was authenticated: ${problem}`, { problem })
}

function unfit(reason: 'malformed' | 'too-large', problem: string): LedgerError<'credential-invalid'> {
  return new LedgerError('credential-invalid', `nobody was authenticated: ${problem}`, { reason, problem })
}
