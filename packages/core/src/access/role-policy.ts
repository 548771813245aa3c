import { isSameActor } from './actor.ts'
import type { Actor } from './actor.ts'
import type { AuthorizationRequest, AuthorizationTarget, Authorizer, Permission } from './authorizer.ts'
import { accessOf } from './command-access.ts'
import type { Permitted } from './command-access.ts'

/** The role policy: an authorizer that answers at once. */
export interface RolePolicy extends Authorizer {
  authorize(request: AuthorizationRequest): Permission
}

/** Its name, as it is recorded. */
const POLICY = 'roles'

type Rule = (request: AuthorizationRequest) => Permission

/** Who is let through by each kind of permission. */
const rules: { readonly [P in Permitted]: Rule } = {
  anyone: () => allowed(),
  member: (request) => (isMember(request) ? allowed() : needs('member')),
  deployer: (request) =>
    isMember(request) || deploysPreview(request) || isSystem(request) ? allowed() : needs('member'),
  importer: (request) => (isMember(request) || isSystem(request) ? allowed() : needs('member')),
  owner(request) {
    if (request.roles.includes('admin')) return allowed()
    if (request.target !== undefined && !isOwn(request.actor, request.target)) return needs('admin')
    return isMember(request) || deploysPreview(request) ? allowed() : needs('member')
  },
  canceller: (request) => (isSystem(request) ? allowed() : rules.owner(request)),
  confirmer: (request) =>
    request.target?.type === 'node' && request.target.forDestruction === true
      ? rules.admin(request)
      : rules.member(request),
  destroyer: (request) => (destroysPreview(request) ? allowed() : rules.admin(request)),
  admin: (request) => (request.roles.includes('admin') ? allowed() : needs('admin')),
  system: (request) =>
    isSystem(request)
      ? allowed()
      : { allowed: false, policy: POLICY, reason: 'only the library itself does this, while it runs or observes' },
}

/**
 * The default authorizer. Admins decide (policies, roles, approvals, handing over); members ask, deploy, import, bind, confirm deletions and
 * take back their own; viewers look. Pull requests deploy previews, API clients need a role of their own, and the steps of deployments and
 * scans are the library's alone.
 */
export function rolePolicy(): RolePolicy {
  return { authorize: (request) => rules[accessOf(request.action).permitted](request) }
}

const ALLOWED: Permission = { allowed: true, policy: POLICY }

function allowed(): Permission {
  return ALLOWED
}

function needs(role: 'admin' | 'member'): Permission {
  return { allowed: false, policy: POLICY, role }
}

function isMember({ roles }: AuthorizationRequest): boolean {
  return roles.includes('admin') || roles.includes('member')
}

function deploysPreview({ actor, environment }: AuthorizationRequest): boolean {
  return actor.type === 'pull-request' && environment.type === 'preview'
}

/** A preview goes by automation: the library's, or its own pull request's. A name is given once: one that is opened again has `pr:12-2`. */
function destroysPreview({ actor, environment: { name, type } }: AuthorizationRequest): boolean {
  if (type !== 'preview') return false
  if (actor.type !== 'pull-request') return actor.type === 'system'
  const own = `pr:${actor.id}`
  return name === own || (name.startsWith(`${own}-`) && /^\d+$/.test(name.slice(own.length + 1)))
}

function isSystem({ actor }: AuthorizationRequest): boolean {
  return actor.type === 'system'
}

/** What nobody is known to own is not somebody else's: the rule will say that it is not there. */
function isOwn(actor: Actor, target: AuthorizationTarget): boolean {
  const owner = ownerOf(target)
  return owner === undefined || isSameActor(owner, actor)
}

function ownerOf(target: AuthorizationTarget): Actor | undefined {
  if (target.type === 'deployment') return target.triggeredBy
  if (target.type === 'external-deployment') return target.proposedBy
  return target.type === 'change-request' ? target.requester : undefined
}
