import type { ActivityEntry } from '../cloud/activity-log.ts'
import type { CloudTarget } from '../cloud/cloud-provider.ts'
import type { DomainEvent, EventData } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { NodeId } from '../graph/ids.ts'
import { newestVersion, nodeByRef } from '../graph/state.ts'
import type { DriftCommandOf } from './commands.ts'
import { activityKey } from './state.ts'
import type { Unattributed } from './state.ts'
import { livesIn } from './target.ts'

/**
 * How late an entry may still appear in an activity log. CloudTrail delivers within about five minutes on average and promises nothing
 * (docs.aws.amazon.com/awscloudtrail, "Getting and viewing your CloudTrail log files"); it used to say fifteen.
 */
export const SETTLING_MINUTES = 15

/** Log times are cut to the second (CloudTrail's `eventTime`), so a change may bear a time up to a second before it was made. */
const CUT_MS = 1_000

/**
 * Finds who is behind drift (DRIFT 13) and records what else was done to known resources (DRIFT 20). Entries with an idempotency key
 * are our own calls. Nothing is guessed: where several principals may have done it and the log does not say what each of them set, the
 * answer is `unknown`, once the log has been read past the time by which late entries appear.
 */
export function attributeDrift(
  state: EnvironmentState,
  command: DriftCommandOf<'attribute-drift'>,
): readonly DomainEvent[] {
  const foreign = entriesByNode(state, command.entries)
  const used = new Set<string>()
  const attributed = [...state.drift.unattributed.values()].flatMap((drift) => {
    // What was refused changed nothing, so nobody is behind drift by it.
    const entries = (foreign.get(drift.node) ?? []).filter(
      (entry) => entry.refused === undefined && isWithin(entry, drift),
    )
    const known = authorsOf(drift, entries)
    for (const { entry } of known) used.add(activityKey(drift.node, entry.id))
    return [...known.map((author) => attributedEvent(drift, author)), ...givenUp(state, command, drift, known)]
  })
  const observed = [...foreign].flatMap(([node, entries]) =>
    entries
      .filter(({ id }) => !used.has(activityKey(node, id)) && !state.drift.activities.has(activityKey(node, id)))
      .map((entry) => observedEvent(node, entry)),
  )
  return [...attributed, ...observed]
}

type Author = { readonly entry: ActivityEntry; readonly properties: readonly string[] }

/** Entries of others on resources that a node knows, in order of time, each once. */
function entriesByNode(
  state: EnvironmentState,
  entries: readonly ActivityEntry[],
): ReadonlyMap<NodeId, readonly ActivityEntry[]> {
  const byNode = new Map<NodeId, ActivityEntry[]>()
  const unique = new Map(entries.map((entry) => [entry.id, entry]))
  for (const entry of [...unique.values()].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const node = entry.idempotencyKey === undefined ? nodeByRef(state.graph, entry.ref) : undefined
    if (node === undefined) continue
    const list = byNode.get(node) ?? []
    list.push(entry)
    byNode.set(node, list)
  }
  return byNode
}

function isWithin({ at }: ActivityEntry, { after, before }: Unattributed): boolean {
  const time = Date.parse(at)
  return time <= Date.parse(before) && (after === undefined || time > Date.parse(after) - CUT_MS)
}

/** For each property the entry that set it, where that is certain; properties set by one entry go together. */
function authorsOf({ properties }: Unattributed, entries: readonly ActivityEntry[]): readonly Author[] {
  const byEntry = new Map<ActivityEntry, string[]>()
  for (const property of properties) {
    const entry = authorOf(property, entries)
    if (entry !== undefined) byEntry.set(entry, [...(byEntry.get(entry) ?? []), property])
  }
  return [...byEntry].map(([entry, set]) => ({ entry, properties: set }))
}

/**
 * The last entry before the observation that names the property; or, where none does, the last one, if all that may have set it were
 * made by one principal. A later entry of another principal that does not say what it set makes even a named one uncertain.
 */
function authorOf(property: string, entries: readonly ActivityEntry[]): ActivityEntry | undefined {
  const possible = entries.filter(({ properties }) => properties === undefined || properties.includes(property))
  const named = possible.findLastIndex(({ properties }) => properties !== undefined)
  const candidates = possible.slice(Math.max(named, 0))
  const principals = new Set(candidates.map(({ principal }) => `${principal.type}|${principal.id}`))
  return principals.size === 1 ? (named >= 0 ? candidates[0] : candidates.at(-1)) : undefined
}

function attributedEvent({ node, version, observation }: Unattributed, { entry, properties }: Author): DomainEvent {
  const { principal, at } = entry
  return {
    type: 'DriftAttributed',
    data: { node, version, observation, properties: [...properties], principal, activity: activityOf(entry) },
    effectiveAt: at,
  }
}

/** What is left without an author when the log has nothing more to say: `unknown`. */
function givenUp(
  state: EnvironmentState,
  { target, until }: DriftCommandOf<'attribute-drift'>,
  { node, version, observation, properties, before }: Unattributed,
  known: readonly Author[],
): readonly DomainEvent[] {
  const left = properties.filter((property) => !known.some((author) => author.properties.includes(property)))
  if (left.length === 0 || until === undefined || !isSettled(before, until) || !isAbout(state, node, target)) return []
  return [{ type: 'DriftAttributed', data: { node, version, observation, properties: left, principal: 'unknown' } }]
}

function isSettled(before: string, until: string): boolean {
  return Date.parse(until) >= Date.parse(before) + SETTLING_MINUTES * 60_000
}

function isAbout(state: EnvironmentState, node: NodeId, target: CloudTarget): boolean {
  const ref = newestVersion(state.graph, node)?.ref
  return ref !== undefined && livesIn([target], ref, state.environment.clouds)
}

function observedEvent(node: NodeId, entry: ActivityEntry): DomainEvent {
  const { principal, properties = [], at } = entry
  return {
    type: 'ActivityObserved',
    data: { node, activity: activityOf(entry), principal, properties: [...properties] },
    effectiveAt: at,
  }
}

/** Longest text of a log that is recorded: user agents may say anything. */
const TOOL_CHARACTERS = 1_024
const SHORT_CHARACTERS = 256

function activityOf({
  id,
  operation,
  at,
  tool,
  sourceAddress,
  refused,
}: ActivityEntry): EventData<'ActivityObserved'>['activity'] {
  return {
    id,
    operation,
    at,
    ...(tool === undefined ? {} : { tool: tool.slice(0, TOOL_CHARACTERS) }),
    ...(sourceAddress === undefined ? {} : { sourceAddress: sourceAddress.slice(0, SHORT_CHARACTERS) }),
    ...(refused === undefined ? {} : { refused: refused.slice(0, SHORT_CHARACTERS) }),
  }
}
