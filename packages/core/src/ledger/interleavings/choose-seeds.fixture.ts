import { falsifications } from './falsified/falsifications.fixture.ts'
import { playScript } from './play-script.fixture.ts'
import type { PlayedScript } from './play-script.fixture.ts'
import { judgeTape } from './rules/judge-tape.fixture.ts'
import { scriptOf } from './seeds.fixture.ts'

/**
 * Looks at so many scripts, and answers the seeds of few that together reach as much: rules that are put to the test, and places where one
 * could be broken. A script in which something falsified may as well have been so is left out.
 */
export async function chooseSeeds(count: number): Promise<readonly number[]> {
  const reached = new Map<number, ReadonlySet<string>>()
  for (let seed = 1; seed <= count; seed++) {
    const reach = reachOf(await playScript(scriptOf(seed)))
    if (reach !== undefined) reached.set(seed, reach)
  }
  const left = new Set([...reached.values()].flatMap((reach) => [...reach]))
  const chosen: number[] = []
  while (left.size > 0) {
    const [best] = [...reached].toSorted(([, a], [, b]) => newIn(b, left) - newIn(a, left))
    if (best === undefined) break
    const [seed, reach] = best
    chosen.push(seed)
    for (const one of reach) left.delete(one)
  }
  return chosen.toSorted((a, b) => a - b)
}

function newIn(reach: ReadonlySet<string>, left: ReadonlySet<string>): number {
  return [...reach].filter((one) => left.has(one)).length
}

function reachOf({ tape, judge }: PlayedScript): ReadonlySet<string> | undefined {
  const reach = new Set<string>(judge.exercised.keys())
  for (const [rule, how, falsify] of falsifications) {
    const moments = falsify(tape)
    if (moments === undefined) continue
    if (!judgeTape({ ...tape, moments }).some((problem) => problem.startsWith(`${rule}:`))) return undefined
    reach.add(`${rule} ${how}`)
  }
  return reach
}
