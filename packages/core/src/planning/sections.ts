import { kindOf } from '../graph/ids.ts'
import type { Step } from './step.ts'

/** What an approval may be given for by itself: who may reach what (`iam`), removals (`deletions`), and all else. */
export const SECTIONS = ['infrastructure', 'iam', 'deletions'] as const

/** One part of a plan that is approved as one. */
export type Section = (typeof SECTIONS)[number]

/** Steps of one section, by their ids in the plan's order. */
export type PlanSection = { readonly section: Section; readonly steps: readonly string[] }

/** Kinds that say who may reach what. A database login is one: it opens the data as a grant does. */
export const IAM_KINDS: ReadonlySet<string> = new Set(['identity', 'grant', 'sql-credential'])

/** The sections of a step; none where it changes no infrastructure. Removing a grant is in two: it is a deletion and changes access. */
export function sectionsOf(step: Step): readonly Section[] {
  if (!step.infrastructure) return []
  const isIam = IAM_KINDS.has(kindOf(step.node))
  const isDeletion = step.operation === 'remove' || step.operation === 'take-last-copy'
  if (!isIam && !isDeletion) return ['infrastructure']
  return [...(isIam ? (['iam'] as const) : []), ...(isDeletion ? (['deletions'] as const) : [])]
}

/** The sections that a plan has, in their order. */
export function planSections(steps: readonly Step[]): readonly PlanSection[] {
  const bySection = new Map<Section, string[]>(SECTIONS.map((section) => [section, []]))
  for (const step of steps) for (const section of sectionsOf(step)) bySection.get(section)?.push(step.id)
  return [...bySection].flatMap(([section, ids]) => (ids.length === 0 ? [] : [{ section, steps: ids }]))
}
