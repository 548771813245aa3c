import type { Actor, Cause, Effective } from '@infraledger/core'
import { plain, showMoment } from './text.ts'

/** `user ada`, `system infraledger`. */
export function showActor({ type, id }: Pick<Actor, 'type' | 'id'>): string {
  return plain(`${type} ${id}`)
}

/** A cause in a few words. */
export function showCause(cause: Cause): string {
  switch (cause.type) {
    case 'deployment':
      return `deployment ${plain(cause.deployment)}`
    case 'change-request':
      return `change request ${plain(cause.request)}`
    case 'drift':
      return cause.firstReading === true ? 'first reading' : 'drift'
    case 'import':
      return 'import'
    case 'external-deployment':
      return `external deployment ${plain(cause.deployment)}`
    case 'restore':
      return `restore ${plain(cause.restore)}`
    case 'repair':
      return `repair: ${plain(cause.reason)}`
  }
}

/** Since when something is so in the world. */
export function showEffective({ from, to, certain, between }: Effective): string {
  const until = to === undefined ? '' : `, until ${showMoment(to)}`
  if (between === undefined) return `${showMoment(from)}${until}`
  const [after, before] = [showMoment(between.after), showMoment(between.before)]
  const bounds =
    between.after === undefined
      ? `not later than ${before}`
      : after === before
        ? `about ${before}`
        : `between ${after} and ${before}`
  return `${certain ? `${showMoment(from)}, ` : ''}${bounds}${until}`
}

/** `7 → 14`, of values that are shown already. */
export function showChange(from: string, to: string): string {
  return `${from} → ${to}`
}

/** Labelled lines, the labels in a column of their own; entries without a text are left out. */
export function labelled(
  entries: readonly (readonly [label: string, text: string | undefined])[],
  indent = '  ',
): readonly string[] {
  const told = entries.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const]))
  const width = Math.max(0, ...told.map(([label]) => label.length))
  return told.map(([label, text]) => `${indent}${label.padEnd(width)}  ${text}`)
}
