import { aim, median } from '../measure.ts'
import type { Row } from '../measure.ts'
import type { Contender } from './contender.ts'
import { FILLED } from './workload.ts'
import type { Sizes, Work } from './works.ts'

/** What ours is held against: the driver alone, by its time, or a peer, by its rate. */
export type Beside = Contender & { readonly kind: 'floor' | 'peer' }

export type Comparison = {
  /** What all of them keep their events in. */
  readonly where: string
  readonly ours: Contender
  readonly beside: readonly Beside[]
  readonly sizes: Sizes
  readonly rounds: number
  /** What DESIGN aims at, by work and what it is held against: times a floor's time at most, times a peer's rate at least. */
  readonly goals: (work: Work, beside: Beside) => Goal | undefined
}

export type Goal = { readonly atMostTimes: number } | { readonly atLeastRate: number }

const TITLES: Readonly<Record<Exclude<Work, 'fill'>, string>> = {
  load: 'load and fold 10,000 events of one stream',
  rebuild: 'read and fold 100,000 events of all streams',
  singles: 'append, one caller, one event each',
  batches: 'append, one caller, 100 events each',
  many: 'append, 16 callers, one event each',
}

/** Lets all of them do the same works in turns, so that a busy machine slows all alike, and compares the medians. */
export async function compare(comparison: Comparison): Promise<readonly Row[]> {
  const { ours, beside, rounds } = comparison
  const all = [ours, ...beside]
  const rows: Row[] = []
  try {
    for (const one of all) await one.run('fill', 0)
    for (const work of ['load', 'rebuild', 'singles', 'batches', 'many'] as const) {
      const times = new Map<Contender, number[]>(all.map((one) => [one, []]))
      const failures = new Map<Contender, string>()
      for (let round = 0; round < rounds; round++) {
        for (const one of all) {
          // Some peers rebuild for minutes; once is enough to know.
          if (failures.has(one) || (work === 'rebuild' && round > 0 && isPeer(one))) continue
          try {
            times.get(one)?.push(await one.run(work, round))
          } catch (error) {
            // That a peer cannot do a work is an answer, too.
            if (!isPeer(one)) throw error
            failures.set(one, error instanceof Error ? error.message : String(error))
          }
        }
      }
      const time = (one: Contender): number => median(times.get(one) ?? [])
      for (const other of beside) {
        const failure = failures.get(other)
        if (failure === undefined) rows.push(row(comparison, work, other, time(ours), time(other)))
        else rows.push({ what: titled(comparison, work), ours: '', beside: `failed: ${failure}`, ratio: '–', goal: '' })
      }
    }
  } finally {
    for (const one of all) await one.close()
  }
  return rows
}

const titled = ({ where }: Comparison, work: Exclude<Work, 'fill'>): string => `${where}: ${TITLES[work]}`

const isPeer = (one: Contender): boolean => 'kind' in one && one.kind === 'peer'

function row(comparison: Comparison, work: Exclude<Work, 'fill'>, other: Beside, ours: number, beside: number): Row {
  const { sizes, goals } = comparison
  const events = { load: FILLED.events, rebuild: FILLED.events * FILLED.streams, ...counts(sizes) }[work]
  const rate = (time: number): string => `${Math.round((events / time) * 1_000).toLocaleString('en')}/s`
  const goal = goals(work, other)
  return {
    what: titled(comparison, work),
    ours: rate(ours),
    beside: `${other.name}: ${rate(beside)}`,
    ratio:
      other.kind === 'floor' ? `${(ours / beside).toFixed(2)}× the time` : `${(beside / ours).toFixed(1)}× the rate`,
    goal: goal === undefined ? '' : told(goal, ours, beside),
    milliseconds: { ours, beside },
  }
}

function told(goal: Goal, ours: number, beside: number): string {
  const [text, met] =
    'atMostTimes' in goal
      ? [`≤ ${goal.atMostTimes}× the time`, ours / beside <= goal.atMostTimes]
      : [`≥ ${goal.atLeastRate}× the rate`, beside / ours >= goal.atLeastRate]
  return aim(text, met)
}

function counts({ singles, batches, many }: Sizes): Readonly<Record<'singles' | 'batches' | 'many', number>> {
  return { singles, batches: batches * 100, many: Math.ceil(many / 16) * 16 }
}
