import type { z } from 'zod'
import { checkAssurance } from '../access/assurance.ts'
import type { Actor } from '../access/actor.ts'
import { authorizationRequest } from '../access/authorization-request.ts'
import type { Authorization } from '../access/authorization.ts'
import { permissionSchema } from '../access/authorizer.ts'
import type { AuthorizationRequest, Authorizer, Permission } from '../access/authorizer.ts'
import { denial } from '../access/denial.ts'
import type { Clock } from '../clock.ts'
import { subjectOf } from '../environment/roles.ts'
import type { Command } from '../environment/decide.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { LedgerError, rejectionError } from '../ledger-error.ts'
import type { Identities } from './identities.ts'

/** Whether a command may be decided at all: by whom it comes, how sure that is, and what the authorizer says. */
export type Admission =
  | { readonly type: 'admitted'; readonly authorization: Authorization }
  | { readonly type: 'refused'; readonly error: LedgerError }

/** Whom an admission asks. */
export type Gatekeepers = { readonly authorizer: Authorizer; readonly identities: Identities; readonly clock: Clock }

/** How long an authorizer may think: commands on the environment wait for it. */
export const AUTHORIZER_MS = 10_000
/** Of what an authorizer throws, as much is told. */
const PROBLEM_CHARACTERS = 1_024

const LATE: unique symbol = Symbol('late')

/** Asks for one command, on the state as it is now: first how sure the identity is, then the authorizer. */
export async function admit(
  state: EnvironmentState,
  command: Command,
  actor: Actor,
  at: string,
  { authorizer, identities, clock }: Gatekeepers,
): Promise<Admission> {
  const doubt = identities.check(actor) ?? checkAssurance(state, command.type, actor)
  if (doubt !== undefined) return { type: 'refused', error: rejectionError(doubt) }
  const request = authorizationRequest(state, command, actor, at)
  const permission = await askAuthorizer(authorizer, request, clock)
  if (permission instanceof LedgerError) return { type: 'refused', error: permission }
  if (!permission.allowed) return { type: 'refused', error: rejectionError(denial(request, permission)) }
  return { type: 'admitted', authorization: { policy: permission.policy, roles: [...request.roles] } }
}

/**
 * What an authorizer answers in time: a permission, or the error that stands for none, for nothing is allowed by one that fails. What
 * it answers later counts for nothing.
 */
export async function askAuthorizer(
  authorizer: Authorizer,
  request: AuthorizationRequest,
  clock: Clock,
): Promise<Permission | LedgerError> {
  let parsed: z.ZodSafeParseResult<Permission>
  try {
    const answer = await inTime(authorizer.authorize(request), clock)
    if (answer === LATE) return failed(request, `it did not answer within ${AUTHORIZER_MS} ms`, true)
    parsed = permissionSchema.safeParse(answer)
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'it threw something that is no error'
    return failed(request, problem.slice(0, PROBLEM_CHARACTERS), true, error)
  }
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the answer'} ${message}`)
  return failed(request, `it answered no permission: ${issues.join('; ')}`, false)
}

/** Of an answer that is there at once, no clock is asked. */
async function inTime<T>(answer: Promise<T> | T, clock: Clock): Promise<T | typeof LATE> {
  if (!isPromise(answer)) return answer
  const answered = new AbortController()
  try {
    return await Promise.race([answer, clock.sleep(AUTHORIZER_MS, answered.signal).then((): typeof LATE => LATE)])
  } finally {
    answered.abort()
  }
}

function isPromise(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'then' in answer
}

function failed(
  { action, actor }: AuthorizationRequest,
  problem: string,
  retryable: boolean,
  cause?: unknown,
): LedgerError<'authorizer-failed'> {
  const message = `the authorizer failed, so ${action} is not allowed: ${problem}`
  return new LedgerError(
    'authorizer-failed',
    message,
    { action, subject: subjectOf(actor), problem },
    { retryable, cause },
  )
}
