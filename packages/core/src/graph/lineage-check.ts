import { hasEnded } from '../deployments/deployment.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { Cause } from './cause.ts'

/**
 * GRAPH 3: every version has a cause that the ledger knows, and a version caused by a deployment is linked to exactly one. Answers a
 * check that is given the append's events one by one; it refuses with `lineage-missing`.
 */
export function lineageCheck(
  state: EnvironmentState,
  events: readonly DomainEvent[],
): (event: DomainEvent) => Rejection | undefined {
  const begun = begunIn(events)
  let checked: Cause | undefined
  let deployment: string | undefined
  return (event) => {
    if (!('cause' in event.data)) return undefined
    const { cause } = event.data
    // Most appends give the same cause to every version.
    const landed = cause.type === 'deployment' && landsDeferred(state, event, cause.deployment)
    if (cause === checked && !landed) return undefined
    const problem = problemOf(state, cause, begun, landed)
    if (problem !== undefined) return missing(problem)
    if (landed) return undefined
    checked = cause
    if (cause.type !== 'deployment') return undefined
    if (deployment !== undefined && deployment !== cause.deployment) {
      return missing(`one append holds versions of the deployments ${deployment} and ${cause.deployment}`)
    }
    deployment = cause.deployment
    return undefined
  }
}

/** What the append itself begins: it may be a cause of what comes with it. */
type Begun = {
  readonly deployments: ReadonlySet<string>
  readonly requests: ReadonlySet<string>
  readonly imports: ReadonlySet<string>
}

function begunIn(events: readonly DomainEvent[]): Begun {
  const begun = { deployments: new Set<string>(), requests: new Set<string>(), imports: new Set<string>() }
  for (const event of events) {
    if (event.type === 'DeploymentTriggered') begun.deployments.add(event.data.deployment)
    else if (event.type === 'ChangeRequested') begun.requests.add(event.data.request)
    else if (event.type === 'ImportStarted') begun.imports.add(event.data.import)
  }
  return begun
}

function problemOf(state: EnvironmentState, cause: Cause, begun: Begun, landed: boolean): string | undefined {
  const isRequest = (id: string): boolean => state.changeRequests.requests.has(id) || begun.requests.has(id)
  switch (cause.type) {
    case 'deployment': {
      const known = state.deployments.deployments.get(cause.deployment)
      if (known === undefined && !begun.deployments.has(cause.deployment))
        return `there is no deployment ${cause.deployment}`
      if (known !== undefined && hasEnded(known) && !landed)
        return `deployment ${cause.deployment} has ended (${known.status})`
      const request = cause.requests.find((id) => !isRequest(id))
      return request === undefined ? undefined : `there is no change request ${request}`
    }
    case 'change-request':
      return isRequest(cause.request) ? undefined : `there is no change request ${cause.request}`
    case 'import':
      return state.graph.openImport?.import === cause.import || begun.imports.has(cause.import)
        ? undefined
        : `import ${cause.import} is not under way`
    case 'external-deployment':
      return problemOfExternal(state, cause, begun)
    case 'drift':
      return cause.observation === '' ? 'drift names no observation' : undefined
    case 'restore':
      return cause.restore === '' ? 'a restore names no restore' : undefined
    case 'repair':
      return undefined
  }
}

/** What another tool did was proposed before, and was seen: by an import that is under way, or by observing. */
function problemOfExternal(
  state: EnvironmentState,
  cause: Extract<Cause, { readonly type: 'external-deployment' }>,
  begun: Begun,
): string | undefined {
  const known = state.externalDeployments.deployments.get(cause.deployment)
  if (known === undefined || known.status === 'recording') return `there is no external deployment ${cause.deployment}`
  if (known.status === 'applied' || known.status === 'withdrawn')
    return `external deployment ${cause.deployment} has ended (${known.status})`
  if (cause.import === undefined)
    return cause.observation === undefined || cause.observation === ''
      ? `what external deployment ${cause.deployment} did was neither imported nor observed`
      : undefined
  return state.graph.openImport?.import === cause.import || begun.imports.has(cause.import)
    ? undefined
    : `import ${cause.import} is not under way`
}

/** Values that a provider put off land with the deployment that asked for them, also after it has ended. */
function landsDeferred(state: EnvironmentState, event: DomainEvent, deployment: string): boolean {
  if (event.type !== 'NodeVersionRecorded') return false
  const deferred = state.deployments.deferred.get(event.data.node)
  return (
    deferred !== undefined &&
    Object.keys(event.data.set).every((property) => deferred.get(property)?.deployment === deployment)
  )
}

function missing(what: string): Rejection {
  return reject('lineage-missing', `every version needs a cause that the ledger knows (GRAPH 3): ${what}`, { what })
}
