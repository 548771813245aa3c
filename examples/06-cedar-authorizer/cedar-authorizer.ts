import { readFileSync } from 'node:fs'
import { isAuthorized, policySetTextToParts, policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { EntityUid } from '@cedar-policy/cedar-wasm/nodejs'
import type { Actor, AuthorizationRequest, Authorizer, Permission } from '@infraledger/core'

/** Groups of a person in the company's directory. */
export type Groups = (subject: string) => readonly string[]

/** An authorizer over Cedar policies in a file. What no policy permits is denied; what one forbids is, whatever others say. */
export function cedarAuthorizer(file: string | URL, groupsOf: Groups): Authorizer {
  const staticPolicies = policiesById(readFileSync(file, 'utf8'))
  return {
    authorize(request): Permission {
      const principal = uidOf(request.actor)
      const groups = request.actor.type === 'user' ? groupsOf(request.actor.id) : []
      const parents = [
        ...request.roles.map((id) => ({ type: 'Role', id })),
        ...groups.map((id) => ({ type: 'Group', id })),
      ]
      const resource = { type: 'Environment', id: request.environment.name }
      const answer = isAuthorized({
        principal,
        action: { type: 'Action', id: request.action },
        resource,
        context: { hour: new Date(request.at).getUTCHours(), behind: behind(request) },
        policies: { staticPolicies },
        entities: [
          { uid: principal, attrs: {}, parents },
          { uid: resource, attrs: { type: request.environment.type }, parents: [] },
        ],
      })
      // Thrown, it allows nothing: `authorizer-failed`.
      if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '))
      const { decision, diagnostics } = answer.response
      if (diagnostics.errors.length > 0)
        throw new Error(diagnostics.errors.map(({ error }) => error.message).join('; '))
      const policy = diagnostics.reason.join(', ').slice(0, 240)
      if (decision === 'allow') return { allowed: true, policy: `cedar: ${policy}` }
      return policy === ''
        ? { allowed: false, policy: 'cedar', reason: 'no policy permits it' }
        : { allowed: false, policy: `cedar: ${policy}` }
    },
  }
}

/** Whoever triggered a deployment, or asked for what it takes along. */
function behind({ target }: AuthorizationRequest): { readonly __entity: { type: string; id: string } }[] {
  if (target?.type !== 'deployment') return []
  const actors = [...(target.triggeredBy === undefined ? [] : [target.triggeredBy]), ...target.requesters]
  return actors.map((actor) => ({ __entity: uidOf(actor) }))
}

const TYPES: Readonly<Record<Actor['type'], string>> = {
  user: 'User',
  'api-client': 'ApiClient',
  'pull-request': 'PullRequest',
  system: 'System',
}

function uidOf({ type, id }: Actor): EntityUid & { type: string; id: string } {
  return { type: TYPES[type], id }
}

/** Policies by the id that each says of itself, so that a decision names them. */
function policiesById(text: string): Record<string, string> {
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure') throw new Error(parts.errors.map(({ message }) => message).join('; '))
  return Object.fromEntries(
    parts.policies.map((policy, index) => {
      const read = policyToJson(policy)
      const id = read.type === 'success' ? read.json.annotations?.['id'] : undefined
      return [id ?? `policy ${index + 1}`, policy]
    }),
  )
}
