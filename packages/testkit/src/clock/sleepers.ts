/** Somebody who waits for a moment of the clock's own time. */
export type Sleeper = { readonly due: number; readonly wake: () => void }

/** Who sleeps, in the order of waking: by moment, then by who lay down first. */
export interface Sleepers {
  readonly size: number
  add(sleeper: Sleeper): void
  remove(sleeper: Sleeper): void
  /** Takes out and returns the first one that is due by `moment`. */
  take(moment: number): Sleeper | undefined
}

/** An empty dormitory. */
export function sleepers(): Sleepers {
  const waiting: Sleeper[] = []
  return {
    get size() {
      return waiting.length
    },
    add(sleeper) {
      const before = waiting.findLastIndex(({ due }) => due <= sleeper.due)
      waiting.splice(before + 1, 0, sleeper)
    },
    remove(sleeper) {
      const index = waiting.indexOf(sleeper)
      if (index >= 0) waiting.splice(index, 1)
    },
    take(moment) {
      const first = waiting[0]
      return first === undefined || first.due > moment ? undefined : waiting.shift()
    },
  }
}
