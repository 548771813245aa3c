/** One line of the result: what was measured, beside what, and how they compare. */
export type Row = {
  readonly what: string
  readonly ours: string
  readonly beside: string
  readonly ratio: string
  /** What DESIGN aims at. */
  readonly goal: string
}

/** Milliseconds that work takes. */
export async function timed(work: () => unknown): Promise<number> {
  globalThis.gc?.()
  const start = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** Medians of two works in turns, so that a busy machine slows both alike. A work may answer the milliseconds that count of it. */
export async function interleaved(
  rounds: number,
  ours: () => unknown,
  beside: () => unknown,
): Promise<{ ours: number; beside: number }> {
  const times: { ours: number[]; beside: number[] } = { ours: [], beside: [] }
  for (let round = 0; round < rounds; round++) {
    times.beside.push(await measured(beside))
    times.ours.push(await measured(ours))
  }
  return { ours: median(times.ours), beside: median(times.beside) }
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

export function table(rows: readonly Row[]): string {
  const head = ['measured', 'ours', 'beside', 'ratio', 'goal']
  const lines = rows.map(
    ({ what, ours, beside, ratio, goal }) => `| ${[what, ours, beside, ratio, goal].join(' | ')} |`,
  )
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...lines].join('\n')
}
