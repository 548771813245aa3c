import type { JsonValue } from '@infraledger/core/adapter'
import { lookUp } from './behaviour.ts'

/** How many numbers make a full version, by engine; 2 for those not named. */
const PARTS: Readonly<Record<string, number>> = { mysql: 3 }

/** What is installed where nobody asks for a version. */
const NEWEST: Readonly<Record<string, string>> = { postgres: '17.4', mysql: '8.4.4' }

/** Minor version behind a major one that was asked for. */
const DEFAULT_MINOR = 4

/**
 * The full version behind the one asked for, as a provider answers it: `15` gives `15.4`. Where only a major version is named and a
 * newer minor one of it runs already, that one stays (RDS ModifyDBInstance, `EngineVersion`).
 */
export function fullVersion(engine: JsonValue, wanted: JsonValue, current: JsonValue | undefined): string {
  if (wanted === null) return lookUp(NEWEST, textOf(engine)) ?? '1.4'
  const asked = textOf(wanted)
  if (typeof current === 'string' && current.startsWith(`${asked}.`)) return current
  return asked.split('.').length < (lookUp(PARTS, textOf(engine)) ?? 2) ? `${asked}.${DEFAULT_MINOR}` : asked
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The next minor version, as a provider installs it by itself. */
export function nextMinorVersion(version: JsonValue | undefined): string {
  const parts = textOf(version ?? '0.0').split('.')
  const last = Number(parts.at(-1))
  return [...parts.slice(0, -1), String(last + 1)].join('.')
}

/** Below zero where `a` is older than `b`, zero where they are the same. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let part = 0; part < Math.max(left.length, right.length); part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
