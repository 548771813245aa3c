import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { movedTo } from '../external-deployments/announced.ts'
import { importCredit } from '../external-deployments/import-credit.ts'
import type { ImportCredit } from '../external-deployments/import-credit.ts'
import { checkBeingMade } from './being-made.ts'
import { graphDraft } from './build.ts'
import type { GraphDraft } from './build.ts'
import type { Cause } from './cause.ts'
import type { GraphCommandOf } from './commands.ts'
import { checkImportedGraph } from './imported-graph-check.ts'
import type { ImportedGraph } from './imported-graph.ts'
import { importedChange } from './imported-properties.ts'
import { importInProgress } from './import-frame.ts'
import { matchNodes } from './import-matching.ts'
import type { Match } from './import-matching.ts'
import { lineageOf } from './imports.ts'
import type { OpenImport } from './imports.ts'
import { recordEdges, redrawEdges, redrawInterrupted } from './imported-edges.ts'
import type { KindCatalogue } from './kind-catalogue.ts'
import { isManaged } from './state.ts'
import type { GraphSlice } from './state.ts'

/**
 * Takes an imported state in: what is new or differs gets a version, what this lineage no longer has is retired, and all of it becomes
 * one graph version, true from `effectiveAt` on. Everything new is observed (OWN 1). What we manage is left as the ledger has it, for
 * the state's view of it is an older truth; other lineages' nodes are left alone, unless the state holds the same thing, which then
 * is this lineage's. The same content again is nothing, also when later serials were imported since (without serials the last import
 * counts, for nothing says that an earlier content is not true again); begun and not finished, it goes on where it stopped.
 */
export function decideImport(
  state: EnvironmentState,
  command: GraphCommandOf<'import-graph'>,
  context: CommandContext,
): Decision {
  const { graph } = state
  const { graph: imported } = command
  const lineage = lineageOf(imported.source)
  const invalid = checkImportedGraph(imported)
  if (invalid !== undefined) return { type: 'rejected', rejection: invalid }

  const open = graph.openImport
  const goesOn = open?.lineage === lineage ? goingOn(open, command) : 'no'
  if (open !== undefined && goesOn === 'no') return { type: 'rejected', rejection: importInProgress(graph, open) }
  const last = graph.lastImports.get(lineage)
  if (goesOn === 'no' && last?.source.digest === imported.source.digest) return accepted([])
  const [serial, known] = [imported.source.serial, last?.source.serial]
  if (serial !== undefined && known !== undefined && serial < known) {
    if (wasImported(graph, lineage, imported.source.digest)) return accepted([])
    const message = `${imported.source.name} is serial ${serial} of its lineage, and serial ${known} was imported already: import states in their order`
    return rejected('import-older-than-known', message, { lineage, serial, known })
  }
  const beingMade = open === undefined ? checkBeingMade(state, imported.nodes) : undefined
  if (beingMade !== undefined) return { type: 'rejected', rejection: beingMade }

  const id = open?.import ?? context.newId()
  const { events, counts } = importEvents(state, imported, id, context.kinds)
  const { source, effectiveAt } = imported
  const instead =
    goesOn === 'instead' ? { instead: { source, ...(effectiveAt === undefined ? {} : { effectiveAt }) } } : {}
  const completed: DomainEvent = { type: 'ImportCompleted', data: { import: id, ...counts, ...instead } }
  return {
    type: 'accepted',
    divisible: true,
    events: open === undefined ? [started(id, imported), ...events, completed] : [...events, completed],
  }
}

/** Whether a command goes on with an open import of its lineage: with the same content, or, if it takes it over, with a later one. */
function goingOn(
  { source }: OpenImport,
  { graph, takeOver }: GraphCommandOf<'import-graph'>,
): 'same' | 'instead' | 'no' {
  if (source.digest === graph.source.digest) return 'same'
  return takeOver === true && (graph.source.serial ?? 0) >= (source.serial ?? 0) ? 'instead' : 'no'
}

/** Whether a lineage had this content at any time: whoever imports a whole series again means the end of it. */
function wasImported(graph: GraphSlice, lineage: string, digest: string): boolean {
  return graph.imports.values().some((known) => known.lineage === lineage && known.source.digest === digest)
}

type Counts = { readonly recorded: number; readonly unchanged: number; readonly retired: number }

function importEvents(
  state: EnvironmentState,
  imported: ImportedGraph,
  id: string,
  kinds: KindCatalogue,
): { readonly events: readonly DomainEvent[]; readonly counts: Counts } {
  const { graph } = state
  const { effectiveAt } = imported
  const cause: Cause = { type: 'import', import: id }
  const draft = graphDraft(state, cause, effectiveAt)
  const lineage = lineageOf(imported.source)
  const matches = matchNodes(graph, lineage, imported.nodes, (arriving) => movedTo(state, arriving))
  const credit = importCredit(state, kinds, { import: id, lineage })
  let recorded = graph.openImport?.recorded ?? 0
  for (const match of matches) if (recordNode(graph, draft, kinds, match, { lineage, effectiveAt, credit })) recorded++
  redrawInterrupted(graph, draft, lineage)
  recordEdges(graph, draft, lineage, imported.edges, matches)
  const retired = (graph.openImport?.retired ?? 0) + retireMissing(graph, draft, lineage, matches, credit)
  const unchanged = Math.max(0, imported.nodes.length - recorded)
  return { events: draft.events, counts: { recorded, unchanged, retired } }
}

function recordNode(
  graph: GraphSlice,
  draft: GraphDraft,
  kinds: KindCatalogue,
  match: Match,
  {
    lineage,
    effectiveAt,
    credit,
  }: { readonly lineage: string; readonly effectiveAt: string | undefined; readonly credit: ImportCredit },
): boolean {
  const { node, imported, fate } = match
  if (fate === 'left') return false
  const { address, ref } = imported
  const identity = { origin: { lineage, address }, ...(ref === undefined ? {} : { ref }) }
  if (fate === 'known') {
    const change = importedChange(graph, kinds, node, imported.properties, effectiveAt)
    const moved = credit.moved(node, address)
    const renamed = moved === undefined ? undefined : draft.nodeVersion(node, { origin: identity.origin, cause: moved })
    const versions = credit.changed(node, change).map((share, index, { length }) =>
      // The handle is the import's to tell: it comes with what nobody announced, which is last.
      draft.nodeVersion(node, index === length - 1 ? { ...share, ...identity } : share),
    )
    return [renamed, ...versions].some((version) => version !== undefined)
  }
  const [first, ...others] = credit.arrived(node, imported, fate === 'replaced')
  if (fate === 'replaced') draft.retireNode(node, 'replaced', first.cause === undefined ? {} : { cause: first.cause })
  const version = draft.nodeVersion(node, { ...first, ownership: 'observed', ...identity })
  for (const share of others) draft.nodeVersion(node, share)
  if (fate === 'replaced') redrawEdges(graph, draft, lineage, node)
  return version !== undefined
}

/** What this lineage had and no longer has is no more (OWN 6); what was handed over to us stays. */
function retireMissing(
  graph: GraphSlice,
  draft: GraphDraft,
  lineage: string,
  matches: readonly Match[],
  credit: ImportCredit,
): number {
  const there = new Set(matches.map(({ node }) => node))
  let retired = 0
  for (const { id, origin } of graph.nodes.values()) {
    if (origin?.lineage !== lineage || there.has(id) || isManaged(graph, id)) continue
    const cause = credit.ended(id)
    if (draft.retireNode(id, 'no-longer-imported', cause === undefined ? {} : { cause }) !== undefined) retired++
  }
  return retired
}

function started(id: string, { source, nodes, edges, effectiveAt }: ImportedGraph): DomainEvent {
  const { type, name, digest, lineage, serial } = source
  const series = { ...(lineage === undefined ? {} : { lineage }), ...(serial === undefined ? {} : { serial }) }
  const when = effectiveAt === undefined ? {} : { effectiveAt }
  return {
    type: 'ImportStarted',
    data: { import: id, source: { type, name, digest, ...series }, nodes: nodes.length, edges: edges.length, ...when },
  }
}
