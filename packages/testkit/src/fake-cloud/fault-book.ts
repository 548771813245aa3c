import type { FakeCallOperation } from './calls.ts'
import type { CrashPoint } from './simulated-crash.ts'

/**
 * Which calls a fault meets: those that agree in everything given. Reads are of many, so only `unreadable` looks at their kinds and names;
 * other faults meet a page of a read by `operation` alone.
 */
export type FaultMatch = {
  readonly operation?: FakeCallOperation
  readonly kind?: string
  readonly name?: string
  /** Only the nth such call since the fault was set, counted from 1. */
  readonly nth?: number
}

/** What a fault does to a call. */
export type FaultEffect =
  | { readonly type: 'refuse'; readonly reason: string }
  | { readonly type: 'retryable'; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly type: 'unknown-outcome'; readonly happened: boolean }
  | { readonly type: 'crash'; readonly point: CrashPoint }
  | { readonly type: 'fail-midway' }
  | { readonly type: 'unreadable'; readonly reason: string }

/** What a call says of itself. */
export type FaultSubject = { readonly operation: FakeCallOperation; readonly kind?: string; readonly name?: string }

/** A fault that was set. */
export interface InjectedFault {
  /** How many calls it met. */
  met(): number
  /** Takes it back. */
  lift(): void
}

/** The faults that are set; the oldest that meets a call wins. */
export interface FaultBook {
  set(effect: FaultEffect, match: FaultMatch, times: number): InjectedFault
  /** What becomes of a call. Counts it. */
  meet(subject: FaultSubject): FaultEffect | undefined
  /** Why one resource, or the listing of a kind, cannot be read. Counts it. */
  unreadable(subject: FaultSubject): string | undefined
  clear(): void
}

/** A book with no fault in it. */
export function faultBook(): FaultBook {
  const faults: { effect: FaultEffect; match: FaultMatch; left: number; seen: number; met: number }[] = []

  const strike = (subject: FaultSubject, concerns: (effect: FaultEffect) => boolean): FaultEffect | undefined => {
    let struck: FaultEffect | undefined
    for (const fault of faults) {
      if (fault.left <= 0 || !concerns(fault.effect) || !agrees(fault.match, subject)) continue
      fault.seen += 1
      if (struck !== undefined || (fault.match.nth !== undefined && fault.match.nth !== fault.seen)) continue
      fault.left -= 1
      fault.met += 1
      struck = fault.effect
    }
    return struck
  }

  return {
    set(effect, match, times) {
      const fault = { effect, match, left: times, seen: 0, met: 0 }
      faults.push(fault)
      return {
        met: () => fault.met,
        lift() {
          fault.left = 0
        },
      }
    },
    meet: (subject) => strike(subject, ({ type }) => type !== 'unreadable'),
    unreadable(subject) {
      const effect = strike(subject, ({ type }) => type === 'unreadable')
      return effect?.type === 'unreadable' ? effect.reason : undefined
    },
    clear() {
      faults.length = 0
    },
  }
}

function agrees(match: FaultMatch, subject: FaultSubject): boolean {
  return (
    (match.operation === undefined || match.operation === subject.operation) &&
    (match.kind === undefined || match.kind === subject.kind) &&
    (match.name === undefined || match.name === subject.name)
  )
}
