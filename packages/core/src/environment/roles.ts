import type { Actor } from '../access/actor.ts'
import type { Role } from './slice.ts'
import type { EnvironmentState } from './state.ts'

/** The roles that hold what another one may do: an Admin may do what a member may, a member what a viewer may. */
const SUFFICIENT: Readonly<Record<Role, readonly Role[]>> = {
  admin: ['admin'],
  member: ['admin', 'member'],
  viewer: ['admin', 'member', 'viewer'],
}

/**
 * The subject that roles are granted to: a person's id as it is, anything else with its type (`api-client:ci`), so that an API client
 * never holds the roles of a person whose id it has.
 */
export function subjectOf(actor: Actor): string {
  const mistakable = /^(user|api-client|pull-request|system):/.test(actor.id)
  return actor.type === 'user' && !mistakable ? actor.id : `${actor.type}:${actor.id}`
}

const NONE: readonly Role[] = []

/** The roles that an actor holds in the environment. */
export function rolesOf(state: EnvironmentState, actor: Actor): readonly Role[] {
  const held = state.environment.roles.get(subjectOf(actor))
  return held === undefined || held.size === 0 ? NONE : [...held]
}

/** The actor that roles granted to a subject are for: the other way round than {@link subjectOf}. */
export function actorOfSubject(subject: string, assurance: Actor['assurance']): Actor {
  const [, type, id] = /^(user|api-client|pull-request|system):(.+)$/s.exec(subject) ?? []
  switch (type) {
    case 'user':
    case 'api-client':
    case 'pull-request':
    case 'system':
      return { type, id: id ?? subject, assurance }
    default:
      return { type: 'user', id: subject, assurance }
  }
}

/** Whether an actor holds a role in the environment, or one that includes it. */
export function hasRole(state: EnvironmentState, actor: Actor, role: Role): boolean {
  const held = state.environment.roles.get(subjectOf(actor))
  return held !== undefined && SUFFICIENT[role].some((sufficient) => held.has(sufficient))
}

/** Subjects that hold a role itself. */
export function holdersOf(state: EnvironmentState, role: Role): readonly string[] {
  return [...state.environment.roles].flatMap(([subject, roles]) => (roles.has(role) ? [subject] : []))
}
