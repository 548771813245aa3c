import type { PropertyDefinition } from '../../../graph/kind.ts'
import { kindOf } from '../../../graph/ids.ts'
import type { NodeId } from '../../../graph/ids.ts'
import type { JsonValue } from '../../../json.ts'
import type { Facts } from './facts.fixture.ts'

type Value = JsonValue | undefined

/** What a kind says of a property; the plainest definition for what is open. */
export function definitionOf(
  { kinds }: Pick<Facts, 'kinds'>,
  node: NodeId,
  property: string,
): PropertyDefinition | undefined {
  const kind = kinds.find(kindOf(node))
  return kind?.properties.get(property) ?? kind?.properties.get(property.split('["')[0] ?? '')
}

/** Whether two values of a property say the same, as a person reads them. */
export function isSame(definition: PropertyDefinition | undefined, one: Value, other: Value): boolean {
  const [a, b] = [textOf(definition, one), textOf(definition, other)]
  return a === b
}

/** Whether what is there is what is wanted: the same, a version within the wanted one, or what has grown past it. */
export function isMetBy(definition: PropertyDefinition | undefined, wanted: Value, there: Value): boolean {
  if (isSame(definition, wanted, there)) return true
  if (definition?.prefixMatch === true && typeof wanted === 'string' && typeof there === 'string')
    return there.startsWith(`${wanted}.`)
  return definition?.growthOnly === true && Number(there) > Number(wanted)
}

function textOf(definition: PropertyDefinition | undefined, value: Value): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) {
    const members = value.map((member: JsonValue) => JSON.stringify(member))
    return members.length === 0 ? '' : `[${(definition?.unordered === true ? members.toSorted() : members).join(',')}]`
  }
  if (typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? '' : JSON.stringify(entries)
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** Whether a moment lies in a weekly window such as `sun:03:00-sun:04:00`, in UTC. */
export function isWithinWindow(window: Value, at: string): boolean {
  const [, from, to] = /^(\w{3}:\d\d:\d\d)-(\w{3}:\d\d:\d\d)$/.exec(typeof window === 'string' ? window : '') ?? []
  if (from === undefined || to === undefined) return false
  const now = new Date(at)
  const week = 7 * 24 * 60
  const minute = (now.getUTCDay() * 24 + now.getUTCHours()) * 60 + now.getUTCMinutes()
  const since = (minute - minuteOf(from) + week) % week
  return since < (minuteOf(to) - minuteOf(from) + week) % week
}

function minuteOf(text: string): number {
  const [day = '', hours, minutes] = text.split(':')
  return (DAYS.indexOf(day) * 24 + Number(hours)) * 60 + Number(minutes)
}
