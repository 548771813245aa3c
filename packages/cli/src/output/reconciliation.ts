import type { NodeId, Reconciliation } from '@infraledger/core'
import { showChange } from './lineage.ts'
import type { Look } from './look.ts'
import { table } from './table.ts'
import { plain, showValue } from './text.ts'

type Decision = Reconciliation['decisions'] extends ReadonlyMap<NodeId, readonly (infer One)[]> ? One : never

/** Decisions about what somebody changed outside: not what was read for the first time, nor what came of our own doing. */
const DRIFT: ReadonlySet<string> = new Set(['adopted', 'suppressed', 'enforced', 'ignored'])

type NodeDecision = Decision & { readonly node: NodeId }

/** What a scan found to have been changed outside, property by property. */
export function changedOutside(reconciliation: Reconciliation): readonly NodeDecision[] {
  return inOrder(reconciliation).filter(
    ({ decision, decidedBy }) => DRIFT.has(decision) && decidedBy !== 'first-reading',
  )
}

/** A scan as data. */
export function reconciliationDocument(reconciliation: Reconciliation): Readonly<Record<string, unknown>> {
  return { ...reconciliation, decisions: inOrder(reconciliation) }
}

/** Decisions by node and property, so that two scans can be held against each other. */
function inOrder({ decisions }: Reconciliation): readonly NodeDecision[] {
  return [...decisions]
    .flatMap(([node, decided]) => decided.map((one) => ({ node, ...one })))
    .toSorted((a, b) => compare(a.node, b.node) || compare(a.property, b.property))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** Reasons for which something could not be seen that are listed for people, and how much is named for each. */
const UNSEEN_SHOWN = 10
const NAMED_FOR_EACH = 3

/** A scan for people: what drifted, what is missing, and what could not be seen. */
export function reconciliationText(reconciliation: Reconciliation, look: Look): string {
  const { counts, missing, found, unmanaged } = reconciliation
  const drifted = changedOutside(reconciliation)
  const columns = [
    { heading: 'NODE', style: 'bold', narrow: 'keep' },
    { heading: 'PROPERTY', narrow: 'keep' },
    { heading: 'WAS → IS' },
    { heading: 'DECISION' },
    { heading: 'DECIDED BY' },
  ] as const
  const rows = drifted.map(({ node, property, recorded, observed, decision, decidedBy }) => [
    node,
    property,
    showChange(showValue(recorded), showValue(observed)),
    decision,
    decidedBy,
  ])
  return [
    drifted.length === 0 && missing.length === 0 ? `  ${counts.resources === 0 ? 'nothing was seen' : 'no drift'}` : '',
    drifted.length === 0
      ? ''
      : indented(table(columns, rows, { ...look, width: look.width === undefined ? undefined : look.width - 2 })),
    ...missing.map((node) => `  ${look.paint('red', 'missing')}: ${plain(node)}`),
    ...found.map((node) => `  there again: ${plain(node)}`),
    ...unmanaged.map(({ ref, kind }) => `  known to no node: ${plain(kind)} ${plain(ref.name)}`),
    ...unseenLines(reconciliation, look),
  ]
    .filter((line) => line !== '')
    .join('\n')
}

function unseenLines({ unseen, unseenCount }: Reconciliation, look: Look): readonly string[] {
  const byReason = [...Map.groupBy(unseen, ({ reason }) => reason)].slice(0, UNSEEN_SHOWN)
  const told = byReason.reduce((sum, [, those]) => sum + those.length, 0)
  return [
    ...byReason.map(([reason, those]) => `  ${look.paint('yellow', 'undecided')}: ${plain(unseenText(reason, those))}`),
    unseenCount > told ? `  and ${unseenCount - told} more undecided; --json lists them` : '',
  ]
}

function unseenText(reason: string, those: Reconciliation['unseen']): string {
  const names = those.flatMap(({ node, provider, kind }) => {
    const name = [node, provider, kind].filter((part) => part !== undefined).join(' ')
    return name === '' ? [] : [name]
  })
  if (names.length === 0) return reason
  const more = names.length > NAMED_FOR_EACH ? ` and ${names.length - NAMED_FOR_EACH} more` : ''
  return `${names.slice(0, NAMED_FOR_EACH).join(', ')}${more}: ${reason}`
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
