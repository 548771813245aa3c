import { createHash } from 'node:crypto'
import { canonicalJson } from '../json.ts'
import type { NodeId } from '../graph/ids.ts'
import type { SeenInput } from './inputs.ts'
import type { PlanSection } from './sections.ts'
import type { Step } from './step.ts'

/**
 * Something a person should know about a plan that is no step of it: what is unused and kept (`kept`), gone (`missing-stateful`), not
 * ours to write (`observed`), asked for and not written (`not-shrunk`, `not-written`, `in-flight`), asked for by the code and by a person
 * alike (`overruled`), requests that are left out, and grants that the code declares otherwise than it uses them (`grant-differs`).
 */
export type PlanNotice = {
  readonly type:
    | 'kept'
    | 'missing-stateful'
    | 'observed'
    | 'not-shrunk'
    | 'not-written'
    | 'in-flight'
    | 'overruled'
    | 'request-waiting'
    | 'request-skipped'
    | 'grant-differs'
  readonly node: NodeId
  readonly message: string
}

/** What a deployment would do: ordered steps, computed from model, graph, change requests and policies. Pure data, as JSON holds it. */
export type Plan = {
  /** SHA-256 over the canonical steps, the model's digest, the requests and the inputs: the same plan has the same digest. */
  readonly digest: string
  /** The graph version that it was computed on. */
  readonly graphVersion: number
  readonly model: string
  readonly steps: readonly Step[]
  /** Change requests that ride along. */
  readonly requests: readonly string[]
  /** What it was computed from, as it was then: when one of these moves, an approval of it is void (DEPLOY 5). */
  readonly inputs: readonly SeenInput[]
  /** Its infrastructure steps by what they are approved for; a step may be in two. */
  readonly sections: readonly PlanSection[]
  readonly notices: readonly PlanNotice[]
}

/** The digest that an approval names. Each step carries the node version that it read, so a plan on other versions is another plan. */
export function planDigest(plan: Omit<Plan, 'digest' | 'notices' | 'graphVersion' | 'sections'>): string {
  const hash = createHash('sha256').update(`${plan.model}\n${plan.requests.join(',')}\n`)
  // Step by step, so that the text of a large plan is never in memory as a whole. A step is parsed JSON data without undefined fields.
  for (const step of plan.steps) hash.update(canonicalJson(JSON.parse(JSON.stringify(step)))).update('\n')
  for (const { input, value } of plan.inputs) hash.update(`${JSON.stringify([input, value])}\n`)
  return hash.digest('hex')
}

/** Steps that change infrastructure, and so wait for approval where approvals are on (DEPLOY 4). Rolling out the application is not one. */
export function infrastructureSteps(plan: Pick<Plan, 'steps'>): readonly Step[] {
  return plan.steps.filter((step) => step.infrastructure)
}
