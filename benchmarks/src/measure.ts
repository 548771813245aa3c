/** One line of the result: what was measured, beside what, and how they compare. */
export type Row = {
  readonly what: string
  readonly ours: string
  readonly beside: string
  readonly ratio: string
  /** What DESIGN aims at, and whether that was missed. */
  readonly goal: string
  /** Medians of all rounds, where both were measured here. */
  readonly milliseconds?: { readonly ours: number; readonly beside: number }
}

/** Milliseconds that work takes. */
export async function timed(work: () => unknown): Promise<number> {
  globalThis.gc?.()
  const start = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** Medians of works done in turns, so that a busy machine slows all alike. A work may answer the milliseconds that count of it. */
export async function inTurns<Name extends string>(
  rounds: number,
  works: Readonly<Record<Name, () => unknown>>,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(works) as Name[] // The keys of a literal are all that it has.
  const times = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times.get(name)?.push(await measured(works[name]))
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<Name, number>
}

async function measured(work: () => unknown): Promise<number> {
  let told: unknown
  const elapsed = await timed(async () => {
    told = await work()
  })
  return typeof told === 'number' ? told : elapsed
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

export function milliseconds(value: number): string {
  return value >= 1_000
    ? `${(value / 1_000).toFixed(2)} s`
    : value >= 1
      ? `${value.toFixed(1)} ms`
      : `${(value * 1_000).toFixed(1)} µs`
}

/** `1.23×` of a time against another. */
export function times(ours: number, beside: number): string {
  return `${(ours / beside).toFixed(2)}×`
}

/** What was aimed at, and whether it was missed. */
export function aim(text: string, isMet: boolean): string {
  return isMet ? text : `${text}, missed`
}

export function table(rows: readonly Row[]): string {
  const head = ['measured', 'ours', 'beside', 'ratio', 'goal']
  const lines = rows.map(
    ({ what, ours, beside, ratio, goal }) => `| ${[what, ours, beside, ratio, goal].join(' | ')} |`,
  )
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...lines].join('\n')
}
