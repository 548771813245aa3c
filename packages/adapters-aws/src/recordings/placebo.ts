/**
 * Gives a recorded answer the form that an SDK would return: datetimes that placebo (botocore's recorder) writes as
 * `{"__class__": "datetime", "year": …}` become dates; members that are null, and times that were scrubbed to `{}`, are left out.
 */
export function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive)
  if (typeof value !== 'object' || value === null) return value
  if ('__class__' in value && value.__class__ === 'datetime') return datetime(value)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => member !== null && !isScrubbedTime(name, member))
      .map(([name, member]) => [name, revive(member)]),
  )
}

function isScrubbedTime(name: string, value: unknown): boolean {
  return name.endsWith('Time') && typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** Placebo drops the zone; botocore's datetimes are UTC. */
function datetime(parts: object): Date {
  const part = (name: string, otherwise: number): number => {
    const found: unknown = Object.entries(parts).find(([key]) => key === name)?.[1]
    return typeof found === 'number' ? found : otherwise
  }
  return new Date(
    Date.UTC(
      part('year', Number.NaN),
      part('month', 1) - 1,
      part('day', 1),
      part('hour', 0),
      part('minute', 0),
      part('second', 0),
      Math.floor(part('microsecond', 0) / 1_000),
    ),
  )
}
