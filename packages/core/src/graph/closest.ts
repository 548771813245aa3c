const MOST = 3

/**
 * The names nearest to a mistyped one, best first: by edit distance, with a bonus for one that contains it. Quick over tens of
 * thousands of names, because a name is given up as soon as it cannot be among the nearest.
 */
export function closest(wanted: string, names: Iterable<string>): readonly string[] {
  const lower = wanted.toLowerCase()
  let limit = Math.max(2, Math.floor(wanted.length / 3))
  const nearest: { readonly name: string; readonly distance: number }[] = []
  for (const name of names) {
    const candidate = name.toLowerCase()
    const contains = lower.length > 2 && candidate.includes(lower)
    if (!contains && Math.abs(name.length - wanted.length) > limit) continue
    const distance = contains ? 1 : editDistance(lower, candidate, limit)
    if (distance > limit) continue
    nearest.push({ name, distance })
    nearest.sort((a, b) => a.distance - b.distance || compare(a.name, b.name))
    if (nearest.length > MOST) nearest.pop()
    if (nearest.length === MOST) limit = Math.min(limit, nearest.at(-1)?.distance ?? limit)
  }
  return nearest.map(({ name }) => name)
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Levenshtein distance; anything above `limit` once it must be above. Only the band around the diagonal within `limit` is looked at. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  let current: number[] = Array.from({ length: b.length + 1 }, () => limit + 1)
  for (let i = 1; i <= a.length; i++) {
    const [from, to] = [Math.max(1, i - limit), Math.min(b.length, i + limit)]
    // Left of the band everything is too far, unless that is the border, where i letters of `a` stand against none.
    let best = from === 1 ? i : limit + 1
    current[from - 1] = best
    for (let j = from; j <= to; j++) {
      const substitution = (previous[j - 1] ?? limit) + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1)
      const distance = Math.min(substitution, (previous[j] ?? limit) + 1, (current[j - 1] ?? limit) + 1)
      current[j] = distance
      if (distance < best) best = distance
    }
    if (to < b.length) current[to + 1] = limit + 1
    if (best > limit) return limit + 1
    ;[previous, current] = [current, previous]
  }
  return previous[b.length] ?? limit + 1
}
