import type { Actor } from '../access/actor.ts'
import type { Authorization } from '../access/authorization.ts'
import type { EventData } from '../environment/catalogue.ts'
import type { ApprovalPolicy } from '../environment/policies.ts'
import { planSections } from '../planning/sections.ts'
import type { Section } from '../planning/sections.ts'
import type { Step } from '../planning/step.ts'
import type { Deployment, StepState } from './deployment.ts'

/** A plan that is being recorded. */
export type PlanDraft = {
  readonly steps: Map<string, StepState>
  readonly inputs: Map<string, string>
  hasInputs: boolean
}

/** A person's approval of a plan. */
export type Approval = {
  readonly by: Actor
  readonly at: string
  readonly digest: string
  readonly comment: string | undefined
  /** Sections that it is given for; left out, all that have no policy of their own. */
  readonly sections?: readonly Section[] | undefined
  /** What allowed it. */
  readonly authorization?: Authorization
}

/** An input of a plan that moved: from what, to what, by whom and by what. */
export type MovedInput = Readonly<NonNullable<EventData<'ApprovalVoided'>['moved']>[number]>

/** Why approvals of a plan were void, and what moved. */
export type Voiding = {
  readonly at: string
  readonly digest: string
  readonly reason: string
  moved: readonly MovedInput[]
}

/** Approvals that a section of a plan still needs. */
export type MissingApprovals = {
  /** `all` where the plan was asked for as a whole, before there were sections. */
  readonly section: Section | 'all'
  readonly missing: number
  /** Only an approval that names the section counts. */
  readonly named: boolean
}

type Asked = EventData<'ApprovalRequested'>
type Needs = Pick<Asked, 'required' | 'sections' | 'fourEyes' | 'expiresAfterHours'>

const HOUR_MS = 3_600_000

/**
 * The approvals that a plan needs by a policy; undefined where it needs none. A plan that takes the place of one that waited asks for no
 * less than that: what was asked for is never taken back in silence.
 */
export function approvalNeeds(policy: ApprovalPolicy, steps: readonly Step[], before?: Asked): Needs | undefined {
  const asked = new Map(before?.sections?.map((section) => [section.section, section]))
  const sections = planSections(steps).map(({ section }) => {
    const own = section === 'infrastructure' ? undefined : policy.sections?.[section]
    const known = asked.get(section)
    const atLeast = known?.required ?? (before?.sections === undefined ? (before?.required ?? 0) : 0)
    return {
      section,
      required: Math.max(own ?? policy.required, atLeast),
      named: own !== undefined || known?.named === true,
    }
  })
  const required = Math.max(0, ...sections.map((section) => section.required))
  if (required === 0) return undefined
  const hours = Math.min(policy.expiresAfterHours ?? Infinity, before?.expiresAfterHours ?? Infinity)
  return {
    required,
    sections,
    ...(policy.fourEyes === true || before?.fourEyes === true ? { fourEyes: true } : {}),
    ...(hours === Infinity ? {} : { expiresAfterHours: hours }),
  }
}

/** What a waiting plan still needs at a moment (all approvals count where no moment is given): nothing once it is approved. */
export function missingApprovals(deployment: Deployment, now?: string): readonly MissingApprovals[] {
  const { asked, requiredApprovals, plan, status } = deployment
  if (status !== 'waiting-for-approval') return []
  const valid = deployment.approvals.filter(
    (approval) => approval.digest === plan?.digest && (now === undefined || isFresh(approval, asked, now)),
  )
  if (asked?.sections === undefined) return missingIn('all', requiredApprovals, false, valid)
  return asked.sections.flatMap(({ section, required, named }) => {
    const given = valid.filter((approval) => covers(approval, section, named))
    return missingIn(section, required, named, given)
  })
}

function missingIn(
  section: Section | 'all',
  required: number,
  named: boolean,
  given: readonly Approval[],
): readonly MissingApprovals[] {
  const persons = new Set(given.map(({ by }) => `${by.type} ${by.id}`)).size
  return persons >= required ? [] : [{ section, missing: required - persons, named }]
}

/** Whether an approval is for a section: it names it, or names none and the section has no policy of its own. */
export function covers({ sections }: Pick<Approval, 'sections'>, section: Section, named: boolean): boolean {
  return sections === undefined ? !named : sections.includes(section)
}

/** Whether an approval still counts at a moment. */
export function isFresh({ at }: Pick<Approval, 'at'>, asked: Asked | undefined, now: string): boolean {
  const hours = asked?.expiresAfterHours
  return hours === undefined || Date.parse(now) - Date.parse(at) <= hours * HOUR_MS
}
