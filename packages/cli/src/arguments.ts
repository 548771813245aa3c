import { parseJsonText } from '@infraledger/core/adapter'
import type { JsonValue } from '@infraledger/core/adapter'
import { apiClient, pullRequest, user } from '@infraledger/core'
import type { Actor, NodeId, PointInTime, Role, Section } from '@infraledger/core'
import { wrongUsage } from './command-error.ts'

/** Any text; refuses none at all. */
export function parseText(text: string): string {
  if (text.trim() === '') throw wrongUsage('It is empty.')
  return text
}

/** Who acts: `user:ada` (or just `ada`), `api:ci`, `pr:12`. */
export function parseActor(text: string): Actor {
  const [, type = 'user', id = ''] = /^(?:(user|api|pr):(?=\S)|(?!\S*:))(\S{1,256})$/.exec(text) ?? []
  if (type === 'pr' && /^\d{1,12}$/.test(id)) return pullRequest(Number(id))
  if (type === 'api' && id !== '') return apiClient(id)
  if (type === 'user' && id !== '') return user(id)
  throw wrongUsage('Write user:ada (or ada), api:ci, or pr:12.')
}

/** Whom a role is for: as `--as` writes actors (`user:ada`, `api:ci`, `pr:12`), or as roles name them (`ada`, `api-client:ci`). */
export function parseSubject(text: string): string {
  const [, type, id] = /^(user|api|pr):(?!(?:user|api-client|pull-request|system):)(.+)$/s.exec(parseText(text)) ?? []
  if (type === undefined || id === undefined) return parseText(text)
  return { user: id, api: `api-client:${id}`, pr: `pull-request:${id}` }[type] ?? text
}

/** A role, by its name. */
export function parseRole(text: string): Role {
  if (text === 'admin' || text === 'member' || text === 'viewer') return text
  throw wrongUsage('Write admin, member or viewer.')
}

const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** A moment: ISO 8601, a date alone for its beginning. Without a zone it is UTC, as everything that is printed. */
export function parseMoment(text: string): Date {
  const [found, zone] = MOMENT.exec(text) ?? []
  const moment = new Date(found === undefined || zone !== undefined || !found.includes('T') ? text : `${text}Z`)
  if (found === undefined || Number.isNaN(moment.getTime()))
    throw wrongUsage('Write a time as 2026-03-01 or 2026-03-01T14:02:00Z.')
  return moment
}

/** A point in what the ledger knew: a graph version, a time, or `deployment:<id>`. */
export function parsePoint(text: string): PointInTime {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  const deployment = /^deployment:(\S+)$/.exec(text)?.[1]
  if (deployment !== undefined) return { deployment }
  if (MOMENT.test(text)) return parseMoment(text)
  throw wrongUsage('Write a graph version (42), a time (2026-03-01, 2026-03-01T14:02:00Z), or deployment:<id>.')
}

/** A whole number from `least` on. */
export function parseCount(least: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (!(number >= least)) throw wrongUsage(`Write a whole number from ${least} on.`)
    return number
  }
}

/** One of these words. */
export function parseChoice<const Choice extends string>(...choices: readonly Choice[]): (text: string) => Choice {
  return (text) => {
    const chosen = choices.find((choice) => choice === text)
    if (chosen === undefined) throw wrongUsage(`Choose ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}.`)
    return chosen
  }
}

const parseSection = parseChoice<Section>('infrastructure', 'iam', 'deletions')

/** Sections of a plan, with commas between them. */
export function parseSections(text: string): readonly Section[] {
  return text.split(',').map((part) => parseSection(part.trim()))
}

/** The key may hold `=` inside `["…"]`, as in `labels["a=b"]`. */
const ASSIGNMENT = /^((?:[^="[\]]|\["(?:[^"\\]|\\.)*"\])+)=(.*)$/s

/** `<property>=<json>`, such as `backup.retentionDays=14`. */
export function parseAssignment(text: string): readonly [property: string, value: JsonValue] {
  const [, property, value] = ASSIGNMENT.exec(text) ?? []
  if (property === undefined || value === undefined)
    throw wrongUsage('Write <property>=<json>, such as backup.retentionDays=14.')
  try {
    // Whatever JSON text holds is a JSON value.
    return [property, parseJsonText(value, property) as JsonValue]
  } catch {
    throw wrongUsage(`The value of ${property} is not JSON; text needs quotes of its own: '${property}="${value}"'.`)
  }
}

/** `<kind>/<key>`. Whether there is such a node is for the ledger to say, which answers a mistyped id with the closest that it knows. */
export function parseNodeId(text: string): NodeId {
  return parseText(text) as NodeId
}
